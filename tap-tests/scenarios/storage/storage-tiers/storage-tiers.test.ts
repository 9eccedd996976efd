import t from "tap";
import { judge } from "../../../../daemon/host/judge.ts";
import { judgeRun } from "../../../../daemon/judgement/verdict.ts";
import { TransportError } from "../../../../load/outcome.ts";
import { summarize } from "../../../../load/summary.ts";
import type { Facts } from "../../../../scenarios/contract/facts.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import { contentOf, objectId } from "../../../../scenarios/storage/storage-tiers/content.ts";
import { expected } from "../../../../scenarios/storage/storage-tiers/expected.ts";
import {
	type LifecycleParams,
	lifecycleOf,
} from "../../../../scenarios/storage/storage-tiers/lifecycle.ts";
import { type Action, Mover } from "../../../../scenarios/storage/storage-tiers/mover.ts";
import { readsSeen, seenIn } from "../../../../scenarios/storage/storage-tiers/observe.ts";
import type {
	Pointer,
	PointerTable,
} from "../../../../scenarios/storage/storage-tiers/pointers.ts";
import {
	quantileOf,
	type ReadReceipt,
	staleReads,
	type Writing,
} from "../../../../scenarios/storage/storage-tiers/receipts.ts";
import type { Observed } from "../../../../scenarios/storage/storage-tiers/record.ts";
import storageTiers from "../../../../scenarios/storage/storage-tiers/storage-tiers.scenario.ts";
import type { TierStore } from "../../../../scenarios/storage/storage-tiers/store.ts";
import { Fuse, Interrupted, World } from "./world.ts";

const scenario = storageTiers as unknown as Scenario;
const rules = {
	schema: JSON.parse(JSON.stringify(storageTiers.params)),
	sizes: JSON.parse(JSON.stringify(storageTiers.sizes)),
	guarded: true,
};
const paramsOf = (given: Record<string, unknown> = {}) => resolveParams(rules, given).params;
const small = { objects: 400, realObjects: 12, seed: 1 };
const params = paramsOf(small);
const lifecycle = lifecycleOf(params as unknown as LifecycleParams);
const told = expected(params as unknown as LifecycleParams);

/** All that is done with the real objects, their first versions included. */
const steps: { id: string; action: Action }[] = [
	...Array.from({ length: small.realObjects }, (_, object) => ({
		id: objectId(object),
		action: put(object, 1, 1, 0),
	})),
	...lifecycle.actions.map((planned) => ({
		id: objectId(planned.object),
		action:
			planned.kind === "put"
				? put(planned.object, planned.version, planned.seq, planned.day)
				: { kind: "move" as const, seq: planned.seq, day: planned.day, to: planned.to },
	})),
];

function put(object: number, version: number, seq: number, day: number): Action {
	return { kind: "put", seq, day, version, bytes: contentOf(params.seed, object, version) };
}

interface Parts {
	store: TierStore;
	table: PointerTable;
}

/** What is planted into the store or the table that a right mover works with: what it then does is what a wrong one does. */
interface Defect {
	/** Spoils what every process of this world works with. */
	plant?(parts: Parts, world: World): Parts;
	/** Before a process is opened on the world again. */
	atRestart?(world: World): void;
	/** After everything. */
	atEnd?(world: World): void;
}

/** All steps done by movers that are interrupted again and again, as the scenario does it. */
async function lived(defect: Defect = {}): Promise<World> {
	const world = new World();
	const { plant = (parts) => parts } = defect;
	let step = 0;
	for (let life = 0; step < steps.length; life++) {
		// Each gets a little further, and ends at another place of a move.
		const fuse = new Fuse(life < 30 ? { at: 40 + 7 * life, how: "within" } : null);
		const parts = plant({ store: world.store(fuse), table: world.table(fuse) }, world);
		try {
			const mover = await Mover.open(parts.store, parts.table);
			for (; step < steps.length; step++) await mover.act(steps[step]!.id, steps[step]!.action);
		} catch (error) {
			if (!(error instanceof Interrupted)) break; // it can't go on: what is there is looked at
			defect.atRestart?.(world);
		}
	}
	defect.atEnd?.(world);
	return world;
}

const at = (object: number, version: number, fromMs: number): ReadReceipt => ({
	object,
	version,
	tier: object === 2 ? "cold" : "hot",
	whole: true,
	fromMs,
	toMs: fromMs + 10 + object,
	interrupted: 0,
});
const reads = [at(0, 1, 100), at(1, 1, 110), at(2, 1, 120), at(3, 1, 200), at(3, 2, 400)];
/** The second version of object 3 is being written from 300 until 350. */
const writings: Writing[] = [{ object: 3, version: 2, fromMs: 300, toldMs: 350 }];

type Damage = Partial<Observed> & { receipts?: ReadReceipt[]; failedReads?: number };

function factsOf(world: World, damage: Damage = {}, given: Record<string, unknown> = {}): Facts {
	const { receipts = reads, failedReads = 0, ...rest } = damage;
	const seen = seenIn(params.seed, lifecycle, world.pointers, world.held());
	const summary = summarize([], { fromMs: 0, toMs: 1_000 });
	return {
		params: paramsOf({ ...small, ...given }),
		case: null,
		phases: [],
		loads: [{ name: "reads", phase: "steady", summary, counters: {} }],
		faults: [],
		alerts: [],
		recovery: { mttrMs: 900, afterHealMs: 300, censored: false },
		straddlingCount: 0,
		observed: {
			...seen,
			doneCount: lifecycle.actions.length,
			notDoneCount: 0,
			interruptedCount: 9,
			recovered: { finished: 8, takenBack: 1 },
			reads: readsSeen(receipts, failedReads, writings),
			...rest,
		},
		expected: JSON.parse(JSON.stringify(told)),
	} as unknown as Facts;
}

function failedChecks(facts: Facts): string[] {
	const { checks } = judge(scenario.judgement, facts, null);
	t.notOk(
		checks.some(({ outcome }) => outcome === "threw"),
		"no check threw",
	);
	return checks.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
}

t.test(
	"what a right mover leaves passes every check, however often it was interrupted",
	async (t) => {
		const { checks } = judge(scenario.judgement, factsOf(await lived()), null);
		t.same(
			checks.map(({ id, kind, ok }) => [id, kind, ok]),
			[
				["no-object-lost", "correctness", true],
				["one-version", "correctness", true],
				["billed-once", "correctness", true],
				["saves-enough", "correctness", true],
				["first-byte-in-bound", "correctness", true],
				["reads-in-bound", "performance", true],
				["recovers-in-time", "performance", true],
			],
		);
		t.equal(judgeRun(checks, []).verdict, "passed");
	},
);

/** A pointer as it was before it was switched, or as it is: whatever is left out of a spoiled table. */
const changed = (table: PointerTable, change: (pointer: Pointer) => Pointer): PointerTable => ({
	...table,
	write: (pointer) => table.write(change(pointer)),
});

const defects: Record<string, { defect: Defect; caughtBy: string[] }> = {
	"the copy that was moved from is not removed": {
		defect: {
			plant: ({ store, table }) => ({ table, store: { ...store, remove: async () => {} } }),
		},
		caughtBy: ["one-version"],
	},
	"a copy is believed to be whole, and not read again": {
		defect: {
			plant: ({ store, table }, world) => {
				for (let n = 1; n < 400; n += 3) world.brokenCopies.add(n);
				const written = new Map<string, Buffer>();
				return {
					table,
					store: {
						...store,
						async put(at, bytes) {
							written.set(at.name, Buffer.from(bytes));
							await store.put(at, bytes);
						},
						async copy(from, to) {
							const bytes = written.get(from.name);
							if (bytes !== undefined) written.set(to.name, bytes);
							await store.copy(from, to);
						},
						get: async (at) => written.get(at.name) ?? store.get(at),
					},
				};
			},
		},
		caughtBy: ["no-object-lost"],
	},
	"what was half done at the start is forgotten": {
		defect: {
			atRestart: ({ pointers }) => {
				for (const [id, pointer] of pointers)
					pointers.set(id, { ...pointer, doing: { kind: "nothing" } });
			},
		},
		caughtBy: ["one-version"],
	},
	"a pointer is switched before the copy is made, which never is": {
		defect: {
			plant: ({ store, table }, world) => ({
				store,
				table: changed(table, (pointer) => {
					if (pointer.doing.kind === "removing" && pointer.seq === 3)
						world.copies.delete(`${pointer.at!.tier}/${pointer.at!.name}`);
					return pointer;
				}),
			}),
		},
		// And with it nothing more can be done with that object.
		caughtBy: ["no-object-lost", "one-version", "billed-once"],
	},
	"a stay is told to have begun a day before the one before it ended": {
		defect: {
			atEnd: ({ pointers }) => {
				for (const [id, pointer] of pointers)
					if (pointer.at!.tier === "cold")
						pointers.set(id, {
							...pointer,
							at: { ...pointer.at!, sinceDay: pointer.at!.sinceDay - 1 },
						});
			},
		},
		caughtBy: ["billed-once"],
	},
	"a stay is missing in the past: its days are billed in no tier": {
		defect: {
			atEnd: ({ pointers }) => {
				for (const [id, pointer] of pointers)
					pointers.set(id, { ...pointer, past: pointer.past.slice(1) });
			},
		},
		caughtBy: ["billed-once"],
	},
	"a stay is told of a dearer tier than it was in": {
		defect: {
			atEnd: ({ pointers }) => {
				const [id, pointer] = [...pointers].find(([, { at }]) => at?.tier === "cold")!;
				pointers.set(id, { ...pointer, at: { ...pointer.at!, tier: "warm" } });
			},
		},
		caughtBy: ["no-object-lost", "one-version", "billed-once"],
	},
	"an old version comes back": {
		defect: {
			atEnd: ({ pointers, copies }) => {
				const [id, pointer] = [...pointers].find(([, { at }]) => at!.version > 1)!;
				const object = Number(id.replace("object-", ""));
				const version = pointer.at!.version;
				copies.set(
					`${pointer.at!.tier}/${pointer.at!.name}`,
					contentOf(params.seed, object, version - 1),
				);
			},
		},
		caughtBy: ["no-object-lost"],
	},
	"a move is left unfinished": {
		defect: {
			atEnd: ({ pointers }) => {
				const [id, pointer] = [...pointers][0]!;
				pointers.set(id, {
					...pointer,
					doing: { kind: "removing", from: { tier: "warm", name: "any" } },
				});
			},
		},
		caughtBy: ["one-version"],
	},
};

for (const [name, { defect, caughtBy }] of Object.entries(defects))
	t.test(`planted: ${name}`, async (t) => {
		t.same(failedChecks(factsOf(await lived(defect))), caughtBy);
	});

t.test(
	"each kind of damage in what was told and read is caught by the check that is there for it",
	async (t) => {
		const world = await lived();
		const rows: [damage: Damage, given: Record<string, unknown>, failed: string[], why: string][] =
			[
				[{ notDoneCount: 1 }, {}, ["no-object-lost"], "an action that nobody was told is done"],
				[
					{ receipts: reads.with(0, { ...reads[0]!, whole: false }) },
					{},
					["one-version"],
					"a read of other bytes",
				],
				[
					{ receipts: [...reads, at(3, 1, 351)] },
					{},
					["one-version"],
					"a read of the version before, after its writer was told of the next",
				],
				[
					{ receipts: [...reads, at(3, 2, 200)] },
					{},
					["one-version"],
					"a read before it was written",
				],
				[{ failedReads: 1 }, {}, ["one-version"], "a read that found nothing"],
				[{}, { savingsPctMin: 99 }, ["saves-enough"], "more is wanted than can be saved"],
				[{}, { p95MsMax: 81 }, ["first-byte-in-bound"], "it is slower than that"],
				[{}, { readP95MsMax: 9 }, ["reads-in-bound"], "real reads are slower than that"],
			];
		for (const [damage, given, failed, why] of rows)
			t.same(failedChecks(factsOf(world, damage, given)), failed, why);
		const late = {
			...factsOf(world),
			recovery: { mttrMs: 9_000, afterHealMs: 8_000, censored: true },
		};
		t.same(failedChecks(late), ["recovers-in-time"]);
		for (const bill of [{ meteredMonthlyUsd: 1 }, { realUsd: 1 }]) {
			const facts = factsOf(world);
			t.same(
				failedChecks({ ...facts, expected: { ...(facts.expected as object), ...bill } as never }),
				["meteredMonthlyUsd" in bill ? "saves-enough" : "billed-once"],
				"the two ways to the bill differ",
			);
		}
	},
);

t.test(
	"a policy that costs less than the optimum is a mistake of the bill, and told as one",
	async (t) => {
		const facts = factsOf(await lived());
		const outcomes = told.outcomes.map((outcome) =>
			outcome.name === "optimum" ? { ...outcome, monthlyUsd: 1_000 } : outcome,
		);
		t.same(failedChecks({ ...facts, expected: { ...told, outcomes } as never }), ["saves-enough"]);
	},
);

t.test("where nothing was interrupted, or nothing read from cold, nothing is shown", async (t) => {
	const undecided = (facts: Facts) =>
		judge(scenario.judgement, facts, null)
			.checks.filter(({ ok }) => ok === null)
			.map(({ id }) => id);
	const world = await lived();
	t.same(undecided(factsOf(world, { interruptedCount: 0 })), ["no-object-lost"]);
	t.same(undecided(factsOf(world, { receipts: [at(0, 1, 100)] })), ["reads-in-bound"]);
	t.same(
		failedChecks(factsOf(world, { interruptedCount: 0, notDoneCount: 2 })),
		["no-object-lost"],
		"what is lost is lost all the same",
	);
});

t.test("the metrics say what the checks look at, in numbers", async (t) => {
	const { metrics } = judge(scenario.judgement, factsOf(await lived()), null);
	const value = (name: string) => metrics.find((metric) => metric.name === name)?.value;
	t.equal(value("objects_lost_count"), 0);
	t.equal(value("copies_doubled_count"), 0);
	t.equal(value("moves_interrupted_count"), 9);
	t.ok(value("savings_pct")! > 30 && value("savings_pct")! < value("optimum_savings_pct")!);
	t.ok(value("monthly_cost_usd")! > 0);
	t.ok(value("access_p95_increase_ms")! > 0);
	t.equal(value("real_read_p95_ms"), 13);
});

t.test("charts have the lines of all policies, and no line too many points", async (t) => {
	const facts = factsOf(await lived());
	const lines = Object.entries(storageTiers.judgement.charts!).map(([name, chart]) => {
		const series = chart.series(facts as never);
		t.ok(
			series.every(({ points }) => points.length > 0 && points.length <= 500),
			name,
		);
		return [name, series.length];
	});
	t.same(lines, [
		["cost-of-policies", 5],
		["storage-by-tier", 3],
		["first-byte", 5],
		["real-reads", 2],
	]);
});

t.test("the record stays small enough, for its lines have as many points at any size", (t) => {
	const bytes = JSON.stringify(told).length;
	t.ok(bytes < 64 * 1_024, `${bytes} bytes`);
	t.ok(told.costByDay.every(({ points }) => points.length <= 61));
	t.end();
});

t.test("every size makes a plan of which both guards run the same but for the mover", (t) => {
	for (const size of ["small", "default", "large"]) {
		const [on, off] = ["on", "off"].map((guard) =>
			JSON.parse(JSON.stringify(scenario.plan(paramsOf({ size, guard })))),
		);
		t.equal(on.subjects.mover.env.GUARD, "on");
		t.equal(off.subjects.mover.env.GUARD, "off");
		off.subjects.mover.env.GUARD = "on";
		t.same(on, off, size);
		t.match(on.faults.slice(0, 2), [
			{ kind: "latency", on: "cold" },
			{ kind: "kill", on: "mover" },
		]);
		const { kills } = paramsOf({ size });
		t.equal(on.faults.length, 1 + Number(kills));
		t.match(on.faults.at(-1), { kind: "kill", at: { subject: "mover", step: "removed" } });
		t.equal(on.subjects.mover.env.KILLS, kills, "the mover knows when no kill is to come");
		const { count } = on.loads.actions.arrival;
		const { stepMs, movesAtOnce, warmMs, steadyMs, faultMs } = paramsOf({ size });
		const lastsMs = (count * 5 * Number(stepMs)) / Number(movesAtOnce);
		t.ok(
			lastsMs > Number(warmMs) + Number(steadyMs) + Number(faultMs) / 2,
			`${size}: moves are under way while the mover is killed (${count} in ${lastsMs} ms)`,
		);
	}
	t.end();
});

t.test("a stale read is one outside of what a writer was told and what was begun", (t) => {
	t.same(staleReads(reads, writings), []);
	const during = [at(3, 1, 310), at(3, 2, 310), at(3, 1, 345), at(3, 2, 290)];
	t.same(staleReads(during, writings), [], "while it is written it may be either");
	const never: Writing[] = [
		{ object: 3, version: 2, fromMs: 300, toldMs: Number.POSITIVE_INFINITY },
	];
	t.same(staleReads([at(3, 1, 900), at(3, 2, 900)], never), [], "its writer was told nothing");
	t.end();
});

t.test("a quantile of sorted values is one of them", (t) => {
	const values = Array.from({ length: 20 }, (_, i) => i + 1);
	t.equal(quantileOf(values, 0.95), 19);
	t.equal(quantileOf(values, 1), 20);
	t.equal(quantileOf([7], 0.95), 7);
	t.equal(quantileOf([], 0.95), null);
	t.end();
});

t.test("who is away when it is told to hurry does the move all the same", async (t) => {
	const { actions } = scenario.plan(params).loads;
	const asked: string[] = [];
	const request = async ({ path }: { path: string }) => {
		asked.push(path);
		if (path === "/hurry") throw new TransportError("ECONNRESET", true);
		return { status: 200, headers: {}, body: Buffer.from("{}") };
	};
	const operation = { n: 0, phase: "recovering", signal: new AbortController().signal };
	const work = actions!.work as (clients: object, operation: object) => Promise<string>;
	const receipt = await work({ api: { request } }, operation);
	t.match(JSON.parse(receipt), { interrupted: 0 });
	t.match(asked, ["/hurry", /actions$/]);
});
