import t from "tap";
import {
	observeGate,
	readMarts,
	truthOfTrials,
	workloadOf,
} from "../../../../scenarios/contracts/dbt-contracts/hooks.ts";
import { gone, nothing } from "../../../../scenarios/contracts/dbt-contracts/record.ts";

const workload = { seed: 3, orders: 200, trials: 21 };
const missing = Object.assign(new Error("no such schema"), { code: "42P01" });

/** A database with so many publications, and these marts or none. */
const database = (count: number, digests: string | null) => async (query: string) => {
	if (query.includes("count(*)::integer")) return [{ count }];
	if (query.includes("order by number")) return [{ trial: 4, digests: "a", number: 1 }];
	if (digests === null) throw missing;
	return [{ digests }];
};

t.test(
	"before the first publication there is nothing, and afterwards what is not there is gone",
	async (t) => {
		t.equal(await readMarts(database(0, null)), nothing);
		t.equal(await readMarts(database(1, null)), gone);
		t.equal(await readMarts(database(1, "a,b")), "a,b");
		const broken = readMarts(async () => {
			throw Object.assign(new Error("terminated"), { code: "57P01" });
		});
		await t.rejects(
			broken,
			{ message: "terminated" },
			"a read that was broken off saw nothing of either",
		);
	},
);

t.test("equal reads are kept once with their number", async (t) => {
	const observed = await observeGate(database(1, "a"), [], ["a", "b", "a"]);
	t.same(observed, {
		trials: [],
		published: [{ trial: 4, digests: "a" }],
		reads: [
			{ seen: "a", count: 2 },
			{ seen: "b", count: 1 },
		],
		now: "a",
	});
});

t.test("the truth of a run has every trial, and marts for what must be built", (t) => {
	const { trials } = truthOfTrials(workload);
	t.equal(trials.length, 21);
	t.same(
		trials.map(({ trial }) => trial),
		workloadOf(workload).changes.map((_, n) => n),
	);
	t.match(trials[0], { change: "unchanged", truth: { kind: "harmless" }, changedRows: 0 });
	for (const { truth, digests, changedRows } of trials) {
		t.equal(digests === null, truth.kind === "violating");
		if (truth.kind === "outside") t.ok(changedRows > 0);
	}
	const unchanged = trials[0]!.digests;
	t.ok(trials.some(({ digests }) => digests !== null && digests !== unchanged));
	t.end();
});

t.test("the truth is of the seed alone", (t) => {
	t.same(truthOfTrials(workload), truthOfTrials(workload));
	t.notSame(truthOfTrials(workload), truthOfTrials({ ...workload, seed: 4 }));
	t.end();
});
