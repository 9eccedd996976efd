import t from "tap";
import { caughtBy, plantedRuns, wide } from "../planted.ts";

// Defects planted into the gate of a mesh, each caught by its checks. Only where SEEDS is set, as by `npm run test:defects`.
const file = new URL(
	"../../fixtures/scenarios/mesh-defects/mesh-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "postgres", tries: 2 });

/** What a change that should not be there, or is missing, brings about beside. */
const followed = [
	"violations-caught",
	"places-named",
	"no-false-alarms",
	"main-right",
	"interrupted-end-right",
	"only-the-broken-named",
	"blast-radius-right",
	"datasets-right",
	"consumers-hold",
];

/** What is wrong, the checks that it must fail, and those that it fails too as it happens to hit. */
const planted: [defect: string, checks: string[], why: string, perhaps?: string[]][] = [
	[
		"no-structure",
		["violations-caught", "only-the-broken-named"],
		"a gate that holds nothing of what is read against what is published",
		followed,
	],
	[
		"no-data",
		["violations-caught", "only-the-broken-named"],
		"one that asks nothing of the data",
		followed,
	],
	[
		"one-consumer",
		["violations-caught", "only-the-broken-named"],
		"one that asks one consumer alone",
		followed,
	],
	["blames-all", ["only-the-broken-named"], "one that blames all where one is broken"],
	[
		"stale-mains",
		["violations-caught"],
		"one that knows the mains of others as they were once",
		followed,
	],
	["reaches-all", ["blast-radius-right"], "one that takes all for reached"],
	["vague", ["places-named", "only-the-broken-named"], "one that does not say what is wrong"],
	[
		"false-alarms",
		["no-false-alarms", "main-right", "only-the-broken-named"],
		"one that blocks whatever anybody would notice",
		followed,
	],
	[
		"fails-open",
		["main-checked"],
		"one that lets pass what it can't judge",
		[...followed, "reads-checked"],
	],
	["leaves", ["scratch-clean"], "one that keeps in a scratch database what it has tried"],
];
for (const [defect, checks, why, perhaps] of planted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		// Enough changes that each group of kinds is among them, and a pair.
		const document = await defects.run({ defect, trials: 30, everyMs: 60 });
		caughtBy(t, document, checks, perhaps);
	});
