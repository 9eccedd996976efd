import t from "tap";
import type { FaultSpec } from "../../chaos/fault.ts";
import { faultingMs, load, phaseSchedule } from "../../scenarios/plan.ts";

const phases = { warmMs: 1_000, steadyMs: 2_000, recoverLimitMs: 9_000 };
const fault = (fromMs: number, toMs: number): FaultSpec => ({
	kind: "down",
	on: "db",
	params: {},
	fromMs,
	toMs,
});

t.test(
	"phases follow each other from the load's zero; faulting lasts to the last fault's end",
	(t) => {
		const faults = [fault(0, 500), fault(200, 1_700), fault(300, 400)];
		t.same(phaseSchedule({ phases, faults }), [
			{ name: "warming", fromMs: 0 },
			{ name: "steady", fromMs: 1_000 },
			{ name: "faulting", fromMs: 3_000 },
			{ name: "recovering", fromMs: 4_700 },
		]);
		t.equal(faultingMs({ faults }), 1_700, "the last end, not the last in the list");
		t.end();
	},
);

t.test("a plan without faults neither breaks anything nor recovers", (t) => {
	for (const plan of [{ phases }, { phases, faults: [] }]) {
		t.same(
			phaseSchedule(plan).map(({ name }) => name),
			["warming", "steady"],
		);
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
