import t from "tap";
import { unfetched } from "../fetched.ts";
import { plantedRuns, wide } from "../planted.ts";

// Defects planted into the job on Flink, each brought to light by the one kill that must, and caught by its check. Only where
// SEEDS is set, as by `npm run test:defects`, and Flink is in the cache: each is a run of its own, with two starts of a JVM.

t.setTimeout(600_000);
const file = new URL(
	"../../fixtures/scenarios/once-flink-defects/once-flink-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "postgres,kafka", tries: 2 });
const lacking = await unfetched({ needs: [], tools: ["flink"] });
const skip =
	!wide || (lacking.length > 0 && "flink is not in the cache; npm run test:components fetches it");

const doubled = ["nothing-doubled", "results-match"];
const lost = ["nothing-lost", "results-match"];
const planted: [defect: string, strike: string, params: object, checks: string[], why: string][] = [
	["none", "kill at before-commit", {}, [], "nothing: a job that is right"],
	[
		"none",
		"kill at before-commit",
		{ flinkTransactionMs: 5_000 },
		lost,
		"a transaction time-out that is shorter than a restart",
	],
	["no-memory", "kill at after-commit", {}, ["results-match"], "balances that are not restored"],
	["starts-over", "kill at after-commit", {}, doubled, "a checkpoint that is not found"],
	[
		"commits-early",
		"kill at after-commit",
		{ checkpointMs: 1_000 },
		doubled,
		"transactions that are committed before their checkpoint is complete",
	],
	[
		"forgets-prepared",
		"kill at before-commit",
		{ flinkTransactionMs: 5_000 },
		lost,
		"a successor that does not commit what a complete checkpoint has prepared",
	],
	[
		"reversed",
		"kill at after-commit",
		{},
		["nothing-reordered"],
		"results that are written in another order",
	],
];
for (const [defect, strike, params, checks, why] of planted)
	t.test(`${why}: caught by ${checks.join(" and ") || "no check"}`, { skip }, async (t) => {
		const document = await defects.run({ engine: "flink", defect, strike, ...params });
		const failed = document.checks
			.filter(({ ok, kind }) => ok === false && kind === "correctness")
			.map(({ id }) => id);
		t.same(failed.sort(), checks.toSorted(), JSON.stringify(document.checks));
		t.equal(document.verdict, checks.length === 0 ? "passed" : "failed");
		t.match(document.faults, [{ state: "healed" }], "the kill struck where it was to");
	});
