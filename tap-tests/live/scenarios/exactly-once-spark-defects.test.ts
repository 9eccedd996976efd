import t from "tap";
import { unfetched } from "../fetched.ts";
import { caughtBy, plantedRuns, wide } from "../planted.ts";

// Defects planted into the query on Spark and into its sinks, each brought to light by the one kill that must, and caught by its
// check. Only where SEEDS is set, as by `npm run test:defects`, and Spark is in the cache: each is a run of its own, with two
// starts of a driver.

t.setTimeout(880_000);
const file = new URL(
	"../../fixtures/scenarios/once-spark-defects/once-spark-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "postgres,kafka", tries: 2 });
const lacking = await unfetched({ needs: [], tools: ["spark"] });
const skip =
	!wide || (lacking.length > 0 && "spark is not in the cache; npm run test:components fetches it");

const doubled = ["results-match", "nothing-doubled"];
const lost = ["results-match", "nothing-lost"];
const planted: [defect: string, sink: string, strike: string, checks: string[], why: string][] = [
	["forgets-batch", "kafka", "after-commit", doubled, "a sink that asks for no batch's number"],
	[
		"number-afterwards",
		"postgres",
		"after-commit",
		doubled,
		"a number that is noted after its batch, and not with it",
	],
	[
		"number-before",
		"postgres",
		"before-commit",
		lost,
		"a number that is noted before its batch is there",
	],
	[
		"returns-early",
		"kafka",
		"before-commit",
		lost,
		"a sink that returns while its transaction is under way",
	],
	[
		"no-memory",
		"kafka",
		"after-commit",
		["results-match"],
		"balances in a worker's memory, and not in Spark's state",
	],
	[
		"reversed",
		"kafka",
		"after-commit",
		["nothing-reordered"],
		"results that are written in another order",
	],
];
for (const [defect, sink, strike, checks, why] of planted)
	t.test(`${why}: caught by ${checks.join(" and ")}`, { skip }, async (t) => {
		const document = await defects.run({ defect, sink, strike: `kill at ${strike}` });
		caughtBy(t, document, checks);
		t.match(document.faults, [{ state: "healed" }], "the kill struck where it was to");
	});

t.test("without a defect no check fails", { skip }, async (t) => {
	const document = await defects.run({
		defect: "none",
		sink: "postgres",
		strike: "kill at after-commit",
	});
	t.same(
		document.checks.filter(({ kind, ok }) => kind === "correctness" && ok === false),
		[],
	);
	t.equal(document.verdict, "passed");
	t.match(document.faults, [{ state: "healed" }]);
});
