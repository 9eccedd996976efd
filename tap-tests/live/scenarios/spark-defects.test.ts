import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { batchSteps } from "../../../scenarios/subjects/streams/spark-engine.ts";
import { unfetched } from "../fetched.ts";
import { caughtBy, plantedRuns, wide } from "../planted.ts";

// Defects planted into the query on Spark and into its sink, each caught by its checks. Only where SEEDS is set, as by `npm run
// test:defects`, and where Spark is in the cache: each is a run of its own.

t.setTimeout(900_000);
const file = new URL(
	"../../fixtures/scenarios/spark-defects/spark-defects.scenario.ts",
	import.meta.url,
).pathname;
const lacking = await unfetched({ needs: [], tools: ["spark"] });
const skip = wide
	? lacking.length > 0 && "spark is not in the cache; npm run test:components fetches it"
	: true;
const defects = plantedRuns(t, { file, services: "kafka", tries: 2 });

/** What is wrong, the checks that it must fail, and those that it may fail besides; it is killed once a batch is committed. */
const planted: [defect: string, checks: string[], why: string, perhaps?: string[]][] = [
	[
		"writes-again",
		["versions-exact", "goes-on-where-committed"],
		"a sink that does not ask which batch the log has",
		["each-in-one-place"],
	],
	["keeps-state", ["state-let-go"], "a state store in which nothing ends"],
	[
		"takes-nothing-back",
		["versions-exact", "any-order-adds-up"],
		"corrections that leave the old value standing",
	],
	["drops-in-silence", ["each-in-one-place"], "too late activities that nobody is told of"],
	[
		"sparks-time",
		["values-converge", "each-in-one-place", "versions-exact"],
		"lateness by Spark's watermark, which leaves out what is late and tells nobody",
		["any-order-adds-up"],
	],
];
for (const [defect, checks, why, perhaps] of planted)
	t.test(`${why}: caught by ${checks.join(" and ")}`, { skip }, async (t) => {
		const document = await defects.run({ defect, batchStep: "after-commit", faultMs: 1_000 });
		caughtBy(t, document, checks, perhaps);
	});

for (const step of batchSteps)
	t.test(`without a defect nothing is found, killed at ${step}`, { skip }, async (t) => {
		const document = await defects.client.get<RunDocument>(
			`/scenarios/late-features/start?wait=true&size=small&engine=spark&retries=0&batchStep=${step}`,
		);
		t.same(
			document.checks.filter(({ kind, ok }) => kind === "correctness" && ok === false),
			[],
		);
		t.match(document.faults, [{ kind: "kill", on: "spark", state: "healed" }]);
	});
