import t from "tap";
import type { Facts } from "../../../scenarios/contract/facts.ts";
import { recovery as piece } from "../../../scenarios/kit/recovery.ts";

const recovered = { mttrMs: 1_500, afterHealMs: 474, censored: false };
const judged = (recovery: Facts["recovery"]) =>
	piece.checks?.["recovers-in-time"]?.judge({ params: { recoverLimitMs: 3_000 }, recovery });

t.test("steady state that is back before the limit holds", (t) => {
	const message = "steady state was back 474 ms after the fault's end";
	const expected = { withinMs: 3_000 };
	t.match(judged(recovered), { ok: true, message, expected, actual: recovered });
	t.end();
});

t.test("steady state that does not come back fails, and so does what was never broken", (t) => {
	const message = "steady state did not come back within 3000 ms of the fault's end";
	t.match(judged({ ...recovered, censored: true }), { ok: false, message });
	t.match(judged(null), { ok: false, message, actual: null });
	t.end();
});
