import t from "tap";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { certain, doubtOf } from "../../../daemon/judgement/doubt.ts";
import { summarize } from "../../../load/summary.ts";
import type { LoadFacts } from "../../../scenarios/contract/facts.ts";

const empty = summarize([], { fromMs: 0, toMs: 0 });
const loads = (lateMs: number, phase: LoadFacts["phase"] = "faulting"): LoadFacts[] => [
	{
		name: "orders",
		phase,
		counters: {},
		summary: {
			...empty,
			offered_per_sec: 240,
			lateness: { ...empty.lateness!, added_us: 1_000 * lateMs },
		},
	},
];
const faults = [{ injectedMs: 2_000, healedMs: 3_000 }] as FaultRecord[];
const phases = [{ name: "recovering" as const, case: null, fromMs: 3_000, toMs: 5_000 }];
const back = { knowsSteady: true, recoveredMs: { best: 3_200, told: 3_500, worst: null } };
const specs = { orders: { deadlineMs: 2_000, timeoutMs: 250 } };

t.test(
	"the recovery lies between its best and its worst; what never came is censored",
	async (t) => {
		const { recovery } = doubtOf({ faults, phases, use: null }, loads(0), specs, back);
		t.same(recovery, {
			early: { mttrMs: 1_200, afterHealMs: 200, censored: false },
			late: { mttrMs: 3_000, afterHealMs: 2_000, censored: true },
		});
	},
);

t.test(
	"a tenth of the clients' shortest patience is too late to tell anything timed",
	async (t) => {
		const beyond = (lateMs: number, given: Parameters<typeof doubtOf>[2] = specs) =>
			doubtOf({ faults, phases, use: null }, loads(lateMs), given, back).beyond;
		t.equal(beyond(25), null);
		t.match(beyond(25.1), /^load orders, faulting: .* up to 25.1 ms late, over the 25 ms that are/);
		t.equal(beyond(199, { orders: { deadlineMs: 2_000 } }), null, "without: its deadline");
		t.match(beyond(201, { orders: { deadlineMs: 2_000 } }), /over the 200 ms/);
		const warm = doubtOf({ faults, phases, use: null }, loads(90, "warming"), specs, back);
		t.equal(warm.beyond, null, "warm-up is not judged");
		const patient = { orders: { deadlineMs: 250 }, reads: { deadlineMs: 1_000 } };
		const [orders] = loads(30);
		for (const both of [
			[orders!, { ...loads(300)[0]!, name: "reads" }],
			[{ ...loads(300)[0]!, name: "reads" }, orders!],
		])
			t.match(
				doubtOf({ faults, phases, use: null }, both, patient, back).beyond,
				/^load reads, faulting: .* up to 300.0 ms late, over the 100 ms/,
				"the one that is told is late by the greatest share",
			);
	},
);

t.test("at each edge of a fault as many straddle it as were due in that time", async (t) => {
	const straddling = (lateMs: number, of = faults) =>
		doubtOf({ faults: of, phases, use: null }, loads(lateMs), specs, back).straddlingCount;
	t.equal(straddling(0), 0, "in time none does");
	t.equal(straddling(10), 16, "7.2 in 30 ms at 240/s: 8 at either edge");
	t.equal(straddling(10, [{ injectedMs: 2_000, healedMs: null }] as FaultRecord[]), 8, "one edge");
	t.equal(straddling(10, []), 0, "without a fault there is no edge");
	const reads = { ...loads(0)[0]!, name: "reads" };
	const rarely = loads(5, "recovering")[0]!;
	const mixed = [
		...loads(100, "warming"),
		...loads(10),
		{ ...rarely, summary: { ...rarely.summary, offered_per_sec: 100 } },
		{ ...reads, summary: { ...reads.summary, offered_per_sec: 9_000 } },
	];
	t.equal(
		doubtOf({ faults, phases, use: null }, mixed, specs, back).straddlingCount,
		16,
		"of a load as it was at its latest and busiest after warm-up; another is counted by itself",
	);
});

t.test("of what nobody knows nothing is open", async (t) => {
	const recovery = { mttrMs: 1, afterHealMs: 1, censored: false };
	t.same(certain({ recovery }), {
		recovery: { early: recovery, late: recovery },
		straddlingCount: 0,
		beyond: null,
		starved: null,
	});
});
