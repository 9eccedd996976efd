import t from "tap";
import { caughtBy, plantedRuns, wide } from "../planted.ts";

// Defects planted into the job and its producer, each caught by its checks. Only where SEEDS is set, as by `npm run
// test:defects`: each is a run of its own.
const file = new URL(
	"../../fixtures/scenarios/feature-defects/feature-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "kafka", tries: 2 });

/** What is wrong, the checks that it must fail, and those that it fails too as it happens to hit. */
const planted: [defect: string, checks: string[], why: string, perhaps?: string[]][] = [
	["drops", ["log-as-sent"], "a producer that says 2 % were sent that were not"],
	[
		"forgets-early",
		["values-converge", "each-in-one-place", "versions-exact"],
		"a window that is let go of when half of its time is over",
	],
	["drops-in-silence", ["each-in-one-place"], "too late activities that nobody is told of"],
	["keeps-state", ["state-let-go"], "a changelog in which nothing ends"],
	[
		"takes-nothing-back",
		["versions-exact", "any-order-adds-up"],
		"corrections that leave the old value standing",
	],
	[
		"versions-anew",
		["versions-exact"],
		"versions that begin anew with whoever takes a partition over",
		["values-converge", "any-order-adds-up"],
	],
	[
		"starts-empty",
		["values-converge", "each-in-one-place", "versions-exact"],
		"a job that goes on without the state of the one that was killed",
		["any-order-adds-up", "state-let-go"],
	],
	[
		"counts-twice",
		["values-converge", "each-in-one-place", "versions-exact"],
		"a too late activity that is counted as one of now as well",
	],
];
for (const [defect, checks, why, perhaps] of planted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		const document = await defects.run({ defect });
		caughtBy(t, document, checks, perhaps);
	});
