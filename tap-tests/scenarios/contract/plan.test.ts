import t from "tap";
import type { FaultSpec } from "../../../chaos/fault.ts";
import {
	faultingMs,
	firstPhases,
	load,
	plannedMs,
	steadyLimitMs,
	usualMs,
} from "../../../scenarios/contract/plan.ts";

const phases = { warmMs: 1_000, steadyMs: 2_000, recoverLimitMs: 9_000 };
const fault = (fromMs: number, toMs: number): FaultSpec => ({
	kind: "down",
	on: "db",
	params: {},
	fromMs,
	toMs,
});

t.test("warming and steady begin by plan; how long the load runs is between two bounds", (t) => {
	const faults = [fault(0, 500), fault(200, 1_700), fault(300, 400)];
	t.same(firstPhases({ phases }), [
		{ name: "warming", fromMs: 0 },
		{ name: "steady", fromMs: 1_000 },
	]);
	t.equal(faultingMs({ faults }), 1_700, "the last end, not the last in the list");
	t.equal(steadyLimitMs(phases), 8_000, "four times what it must last");
	t.equal(steadyLimitMs({ ...phases, steadyMs: 300 }), 5_000, "cold starts do not shrink with it");
	t.equal(steadyLimitMs({ ...phases, steadyLimitMs: 3_000 }), 3_000);
	t.equal(usualMs({ phases, faults }), 1_000 + 2_000 + 1_700 + 9_000);
	t.equal(plannedMs({ phases, faults }), 1_000 + 8_000 + 1_700 + 9_000, "sources must not run dry");
	t.end();
});

t.test("a plan without faults neither breaks anything nor recovers", (t) => {
	for (const plan of [{ phases }, { phases, faults: [] }]) {
		t.equal(usualMs(plan), 3_000);
		t.equal(plannedMs(plan), 9_000);
	}
	t.equal(faultingMs({}), 0);
	t.end();
});

t.test("a load's standard values hold until the scenario says otherwise", (t) => {
	const spec = {
		arrival: { kind: "constant", ratePerSec: 1 },
		clients: {},
		inFlightMax: 1,
		work: async () => undefined,
	} as const;
	t.match(load(spec), { deadlineMs: 30_000, journal: false, workers: 1 });
	t.match(load({ ...spec, deadlineMs: 5, journal: true, workers: 3 }), {
		deadlineMs: 5,
		journal: true,
		workers: 3,
	});
	t.end();
});
