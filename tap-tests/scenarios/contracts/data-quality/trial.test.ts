import t from "tap";
import {
	batchesOf,
	type Planned,
	type Workload,
} from "../../../../scenarios/contracts/data-quality/anomalies/batches.ts";
import type { Taken } from "../../../../scenarios/contracts/data-quality/etl/take-batch.ts";
import { bringBatch, smallerFrom } from "../../../../scenarios/contracts/data-quality/trial.ts";

const workload: Workload = { seed: 3, rows: 100, batches: 60 };
const signal = () => AbortSignal.timeout(5_000);
const limits = { askAgainMs: 1, shrinkTriesMax: 40 };
const loaded: Taken = { kind: "loaded", again: false, ms: null };
const rejected: Taken = {
	kind: "rejected",
	again: false,
	error: "sales.quantity: not_null: 3 of 100 rows",
	page: "batch-1.html",
	ms: { stage: 1, validate: 2, page: 3, decide: 4 },
};

const nulls: Planned = {
	batch: 1,
	anomalies: [
		{ kind: "nulls", size: 5, at: { columns: ["quantity"], to: "null" }, rows: [1, 2, 3, 4, 5] },
	],
	again: "not",
};

/** A loader that answers with these, one after another, and then with the last. */
function loader(...answers: (Taken | Error)[]) {
	const asked: number[] = [];
	const handedOver: unknown[][] = [];
	return {
		asked,
		handedOver,
		tools: {
			transact: async (statements: { text: string; values?: unknown[] }[]) =>
				void handedOver.push(statements.map(({ values }) => values?.[0] ?? null)),
			take: async (batch: number) => {
				asked.push(batch);
				const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
				if (answer instanceof Error) throw answer;
				return answer;
			},
		},
	};
}

t.test("a batch is handed over once, and asked about until there is an answer", async (t) => {
	const { tools, asked, handedOver } = loader(
		{ kind: "none", reason: "the validator: killed" },
		new Error("the loader was gone"),
		rejected,
	);
	const receipt = await bringBatch(workload, nulls, tools, limits, signal());
	t.match(receipt, {
		batch: 1,
		verdict: { kind: "blocked", message: rejected.error },
		interrupted: ["the validator: killed", "the loader was gone"],
		again: null,
		ms: { validate: 2 },
		smallest: null,
	});
	t.same([asked, handedOver.length], [[1, 1, 1], 1]);
});

t.test(
	"one that comes twice is asked about twice, and the answers are held together",
	async (t) => {
		for (const [again, answers, wanted] of [
			["after", [rejected, { ...rejected, again: true }], "same"],
			["beside", [rejected, rejected], "same"],
			["after", [rejected, loaded], "another"],
			["after", [rejected, { ...rejected, page: "another.html" }], "another"],
		] as const) {
			const { tools, asked } = loader(...answers);
			const receipt = await bringBatch(workload, { ...nulls, again }, tools, limits, signal());
			t.equal(receipt.again, wanted);
			t.same(asked, [1, 1]);
		}
	},
);

t.test("what slipped through is made smaller, by batches of other numbers", async (t) => {
	const { tools, asked } = loader(loaded);
	const { verdict, smallest } = await bringBatch(workload, nulls, tools, limits, signal());
	t.equal(verdict.kind, "passed");
	t.equal(smallest, "nulls in quantity (null) of 1 row");
	t.ok(asked.slice(1).every((batch) => batch >= smallerFrom));
	t.equal(new Set(asked).size, asked.length);
	const none = await bringBatch(
		workload,
		nulls,
		loader(loaded).tools,
		{ ...limits, shrinkTriesMax: 0 },
		signal(),
	);
	t.equal(none.smallest, null, "nobody has looked for it");
	const sound = batchesOf(workload)[0]!;
	const fine = await bringBatch(
		workload,
		{ ...sound, again: "not" },
		loader(loaded).tools,
		limits,
		signal(),
	);
	t.equal(fine.smallest, null, "what passes rightly is not made smaller");
});

t.test("a batch that is never decided ends with the patience", async (t) => {
	const { tools } = loader({ kind: "none", reason: "away" });
	const late = AbortSignal.timeout(30);
	await t.rejects(bringBatch(workload, nulls, tools, limits, late), { code: "deadline" });
});
