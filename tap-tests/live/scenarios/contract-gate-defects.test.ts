import t from "tap";
import { caughtBy, plantedRuns, wide } from "../planted.ts";

// Defects planted into the gate, each caught by its checks. Only where SEEDS is set, as by `npm run test:defects`.
const file = new URL(
	"../../fixtures/scenarios/gate-defects/gate-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "postgres", tries: 2 });

/** What a change that should not be there, or is missing, brings about beside. */
const followed = [
	"violations-caught",
	"places-named",
	"no-false-alarms",
	"main-right",
	"rebuilds-right",
	"interrupted-end-right",
];

/** What is wrong, the checks that it must fail, and those that it fails too as it happens to hit. */
const planted: [defect: string, checks: string[], why: string, perhaps?: string[]][] = [
	[
		"no-structure",
		["violations-caught", "main-right"],
		"a gate that looks at no structure",
		followed,
	],
	["no-rules", ["violations-caught", "main-right"], "one that asks no rule about values", followed],
	[
		"no-versions",
		["violations-caught", "main-right"],
		"one that lets contracts change under the same version",
		followed,
	],
	[
		"no-repository",
		["violations-caught"],
		"one that lets main be pushed to",
		[...followed, "main-checked", "reads-checked"],
	],
	[
		"alone",
		["violations-caught", "main-right"],
		"one that checks proposals alone, and not what main becomes",
		followed,
	],
	[
		"fails-open",
		["main-checked"],
		"one that lets pass what it can't judge",
		[...followed, "reads-checked"],
	],
	["vague", ["places-named"], "one that does not say what is wrong"],
	[
		"false-alarms",
		["no-false-alarms", "main-right", "rebuilds-right"],
		"one that is afraid of columns that no contract has",
		followed,
	],
	["leaves", ["scratch-clean"], "one that keeps in the scratch database what it has tried"],
];
for (const [defect, checks, why, perhaps] of planted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		// Enough changes that each group of kinds is among them, and a pair.
		const document = await defects.run({ defect, trials: 30, everyMs: 60 });
		caughtBy(t, document, checks, perhaps);
	});
