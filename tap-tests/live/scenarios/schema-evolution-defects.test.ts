import t from "tap";
import { caughtBy, plantedRuns, wide } from "../planted.ts";

// Defects planted into the registry and the archive, each caught by its checks. Only where SEEDS is set, as by `npm run test:defects`.
const file = new URL(
	"../../fixtures/scenarios/schema-defects/schema-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "kafka" });

/** What a registry lets through that it should not goes into the archive as well. */
const spoiled = ["columns-read", "archived-once"];

/** What is wrong, the checks that it must fail, and those that it fails too as it happens to hit. */
const planted: [defect: string, checks: string[], why: string, perhaps?: string[]][] = [
	[
		"one-way",
		["violations-caught", "values-read"],
		"a registry that looks one way alone",
		["places-named", "no-false-alarms", ...spoiled],
	],
	[
		"short-memory",
		["violations-caught"],
		"one that looks at the last version alone",
		["values-read", ...spoiled],
	],
	[
		"no-meaning",
		["violations-caught"],
		"one that takes micros for millis",
		["values-read", ...spoiled],
	],
	["vague", ["places-named"], "one that does not say why"],
	["false-alarms", ["no-false-alarms"], "one that is afraid of comments", ["places-named"]],
	[
		"keeps-what-it-refuses",
		["values-read"],
		"one that gives away what it has refused",
		["violations-caught", "places-named", "no-false-alarms", ...spoiled],
	],
	[
		"forgets",
		["values-read"],
		"one that has forgotten all when it was killed",
		["events-once", "violations-caught", "places-named", "no-false-alarms", ...spoiled],
	],
	[
		"avro-alone",
		["violations-caught"],
		"one that looks at messages alone",
		["places-named", "no-false-alarms", "archived-once", "columns-read"],
	],
	[
		"by-position",
		["columns-read"],
		"an archive of which columns are read by their place",
		["archived-once"],
	],
	["cuts-promoted", ["columns-read"], "one of which numbers are cut where they are promoted"],
	["other-unit", ["columns-read"], "one of which times are read in another unit"],
	["other-scale", ["columns-read"], "one of which amounts are read with another scale"],
	["null-for-default", ["columns-read"], "one of which what is missing is null"],
	[
		"first-version",
		["columns-read"],
		"one whose files say another version than they are of",
		["archived-once"],
	],
	["loses-a-batch", ["archived-once"], "one that lost a batch"],
];
for (const [defect, checks, why, perhaps] of planted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		const document = await defects.run({ defect });
		caughtBy(t, document, checks, perhaps);
	});
