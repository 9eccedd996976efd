import t from "tap";
import { acknowledgeAmong } from "../../../daemon/alerts/acknowledge.ts";
import type { AlertFacts } from "../../../scenarios/contract/facts.ts";

const facts = (rule: string, caseId: string | null, ...firedMs: number[]): AlertFacts => ({
	rule,
	case: caseId,
	origin: "plan",
	firedMs,
	resolvedMs: [],
	score: null,
	acknowledgedMs: firedMs.map(() => null),
});

t.test("an acknowledgement goes to the firing that was last by then", (t) => {
	const alerts = [
		facts("few", "a", 1_000, 3_000),
		facts("few", "b", 9_000),
		facts("slow", "a", 500),
	];
	const one = { rule: "few", origin: "plan", case: "a", firedByMs: 3_004 } as const;
	t.equal(acknowledgeAmong(alerts, one, 5_000), true);
	t.equal(acknowledgeAmong(alerts, one, 6_000), false, "the first one counts");
	t.equal(acknowledgeAmong(alerts, { ...one, firedByMs: 1_001 }, 7_000), true);
	t.equal(acknowledgeAmong(alerts, { ...one, firedByMs: 900 }, 7_000), false, "before it fired");
	t.equal(acknowledgeAmong(alerts, { ...one, case: "c" }, 7_000), false, "no such case");
	t.equal(acknowledgeAmong(alerts, { ...one, origin: "received" }, 7_000), false);
	t.same(
		alerts.map(({ acknowledgedMs }) => acknowledgedMs),
		[[7_000, 5_000], [null], [null]],
	);
	t.end();
});
