import t from "tap";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { recoveryOf } from "../../../daemon/judgement/recovery.ts";

const fault = (injectedMs: number | null, healedMs: number | null) =>
	({ injectedMs, healedMs }) as FaultRecord;
const phases = [
	{ name: "faulting" as const, case: null, fromMs: 1_000, toMs: 5_000 },
	{ name: "recovering" as const, case: null, fromMs: 5_000, toMs: 9_000 },
];
const of = (faults: FaultRecord[], recoveredMs: number | null, knowsSteady = true) =>
	recoveryOf({ faults, phases }, knowsSteady, recoveredMs);

t.test("a recovery counts from the first injection and from the last heal", async (t) => {
	const three = [fault(2_000, 3_000), fault(1_500, 2_500), fault(2_500, 4_000)];
	t.same(of(three, 6_000), { mttrMs: 4_500, afterHealMs: 2_000, censored: false });
	t.match(of(three, 3_500), { mttrMs: 2_000, afterHealMs: 0 }, "back before the last was healed");
});

t.test("what did not come back lasted at least until the end, and is censored", async (t) => {
	t.same(of([fault(2_000, 3_000)], null), { mttrMs: 7_000, afterHealMs: 6_000, censored: true });
});

t.test(
	"without a fault that was injected and healed, or a steady state, there is none",
	async (t) => {
		t.equal(of([], 6_000), null);
		t.equal(of([fault(null, null)], 6_000), null);
		t.equal(of([fault(2_000, null)], 6_000), null, "never healed");
		t.equal(of([fault(2_000, 3_000)], 6_000, false), null);
		t.match(of([fault(null, null), fault(2_000, 3_000)], 6_000), { mttrMs: 4_000 });
	},
);
