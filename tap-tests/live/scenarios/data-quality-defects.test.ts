import t from "tap";
import { unfetched } from "../fetched.ts";
import { caughtBy, plantedRuns, wide } from "../planted.ts";

// Defects planted into who obeys the validator, each caught by its checks. Only where SEEDS is set, as by `npm run
// test:defects`, and where Great Expectations is in the cache: each is a run of its own.

t.setTimeout(880_000);
const file = new URL(
	"../../fixtures/scenarios/quality-defects/quality-defects.scenario.ts",
	import.meta.url,
).pathname;
const lacking = await unfetched({ needs: [], tools: ["great-expectations"] });
const skip = wide
	? lacking.length > 0 && "great-expectations is not in the cache; faultline stack fetch does it"
	: true;
const defects = plantedRuns(t, { file, services: "postgres", tries: 2 });

/** What a rule that is not found brings about beside. */
const unfound = [
	"places-named",
	"all-rules-named",
	"reads-whole",
	"interrupted-end-right",
	"rates-as-stated",
];

/** What is wrong, the checks that it must fail, and those that it fails too as it happens to hit. */
const planted: [defect: string, checks: string[], why: string, perhaps?: string[]][] = [
	[
		"lenient",
		["violations-caught", "findings-exact"],
		"one that has forgotten some rules",
		unfound,
	],
	["no-statistics", ["findings-exact"], "one that holds no mean against anything", unfound],
	[
		"first-only",
		["findings-exact", "all-rules-named"],
		"one that stops at what is wrong first",
		unfound,
	],
	[
		"vague",
		["places-named", "findings-exact", "all-rules-named"],
		"one that does not say what is wrong",
	],
	[
		"careful",
		["no-false-alarms", "findings-exact", "docs-written"],
		"one that is afraid of busy days",
		["interrupted-end-right", "rates-as-stated"],
	],
	[
		"lost-is-wrong",
		["findings-exact", "docs-written"],
		"one that takes a lost connection for something wrong with the batch",
		["no-false-alarms", "rates-as-stated", ...unfound],
	],
	["half-quarantined", ["rejected-whole"], "one that keeps a part of what it rejects"],
	[
		"two-transactions",
		["warehouse-right"],
		"one that writes down what it has done in a transaction of its own",
		["reads-whole"],
	],
	["in-parts", ["reads-whole"], "one that loads while others read", ["warehouse-right"]],
	[
		"forgetful",
		["rejected-whole", "warehouse-right"],
		"one that does not look whether a batch was taken before",
		["reads-whole", "taken-once"],
	],
	["no-page", ["docs-written"], "one that says there is a page where there is none"],
	["leaves-staged", ["staging-clean"], "one that leaves what it has staged"],
];
for (const [defect, checks, why, perhaps] of planted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip }, async (t) => {
		// Enough batches that each group of kinds is among them.
		const document = await defects.run({ defect, batches: 40, everyMs: 0 });
		caughtBy(t, document, checks, perhaps);
	});
