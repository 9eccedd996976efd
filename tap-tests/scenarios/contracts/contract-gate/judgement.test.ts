import t from "tap";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import scenarioOf from "../../../../scenarios/contracts/contract-gate/contract-gate.scenario.ts";
import type { Observed } from "../../../../scenarios/contracts/contract-gate/observe.ts";
import type { Truth } from "../../../../scenarios/kit/confusion.ts";
import { judgedOf } from "../../subjects/gate/judged.ts";

const scenario = scenarioOf as unknown as Scenario;
const violating: Truth = { kind: "violating", place: ["orders", "note"], rule: "presence" };
const changes = "refs/heads/changes/1";
const main = "refs/heads/main";
const told = (
	ref: string,
	before: string,
	after: string,
	verdict: "passed" | "blocked" | "none" = "passed",
): Observed["told"][number] => ["shop", ref, before, after, verdict, 20];

/** What is seen of a run in which all went well: one proposal was merged, one was blocked. */
function good(): Observed {
	const blocked = { kind: "blocked", message: "orders.note (presence): gone", timeMs: 30 } as const;
	const passed = { kind: "passed", timeMs: 50 } as const;
	const trial = { change: "c", smallest: null };
	return {
		trials: [
			{ ...trial, name: "0", truth: violating, verdict: blocked },
			{ ...trial, name: "1", truth: { kind: "harmless" }, verdict: passed },
		],
		pushes: {
			interrupted: [{ name: "0 c", truth: violating, verdict: blocked, reasons: ["away"] }],
			warmTimesMs: [50],
		},
		mains: [
			{ oid: "m1", parents: ["m0", "p1"] },
			{ oid: "m0", parents: [] },
		],
		told: [told(changes, "00", "p0", "blocked"), told(changes, "00", "p1"), told(main, "m0", "m1")],
		reads: [
			{ oid: "m0", count: 2 },
			{ oid: "m1", count: 3 },
		],
		wrongFiles: [],
		filesCount: 9,
		rebuilt: { tablesCount: 3, wrong: [] },
		left: [],
	};
}

function judged(change: (observed: Observed) => unknown = () => {}) {
	const observed = good();
	change(observed);
	return judgedOf(scenario, observed);
}

t.test("a good run passes every check", (t) => {
	t.same(
		judged().checks.filter(({ outcome }) => outcome !== "held"),
		[],
	);
	t.end();
});

t.test("each kind of damage is caught by the check that is there for it", (t) => {
	const rows: [change: (observed: Observed) => unknown, checks: string[], why: string][] = [
		[
			({ trials }) => Object.assign(trials[0]!, { verdict: { kind: "passed", timeMs: 1 } }),
			["violations-caught"],
			"a violating change that was merged",
		],
		[
			({ trials }) =>
				Object.assign(trials[0]!, {
					verdict: { kind: "blocked", message: "orders.note", timeMs: 1 },
				}),
			["places-named"],
			"a refusal that does not say by which rule",
		],
		[
			({ trials }) =>
				Object.assign(trials[1]!, { verdict: { kind: "blocked", message: "no", timeMs: 1 } }),
			["no-false-alarms"],
			"a harmless change that was blocked",
		],
		[
			({ trials }) => Object.assign(trials[1]!, { verdict: { kind: "none", message: "away" } }),
			["every-trial-answered"],
			"a change without a verdict",
		],
		[
			({ mains }) => mains.unshift({ oid: "m2", parents: ["m1"] }),
			["main-checked"],
			"a commit on main that is no merge",
		],
		[
			({ mains }) => mains.unshift({ oid: "m2", parents: ["m1", "p1"] }),
			["main-checked"],
			"a merge that nobody was asked about",
		],
		[
			({ told }) => told.splice(1, 1),
			["main-checked", "reads-checked"],
			"a merge of what never passed",
		],
		[
			({ told }) => Object.assign(told[2]!, { 4: "none" }),
			["main-checked", "reads-checked"],
			"a merge that had no verdict",
		],
		[
			({ told }) => Object.assign(told[2]!, { 2: "m9" }),
			["main-checked", "reads-checked"],
			"a merge that passed for another main",
		],
		[
			({ reads }) => reads.push({ oid: "m7", count: 1 }),
			["reads-checked"],
			"somebody who saw a main that was taken back",
		],
		[
			({ wrongFiles }) => wrongFiles.push("a"),
			["main-right"],
			"a file that is not what the seed says",
		],
		[
			({ rebuilt }) => rebuilt.wrong.push("orders"),
			["rebuilds-right"],
			"migrations that make another table",
		],
		[({ left }) => left.push("schema x"), ["scratch-clean"], "something that a check has left"],
		[
			({ pushes }) =>
				Object.assign(pushes.interrupted[0]!, { verdict: { kind: "passed", timeMs: 1 } }),
			["interrupted-end-right"],
			"an interrupted push that ends otherwise than it would have",
		],
	];
	for (const [change, ids, why] of rows) {
		const failed = judged(change).checks.filter(({ outcome }) => outcome === "failed");
		t.same(
			failed.map(({ id }) => id),
			ids,
			why,
		);
	}
	t.end();
});

t.test(
	"metrics tell what was prevented, what was blocked for nothing, and how long the gate took",
	(t) => {
		const values = Object.fromEntries(judged().metrics.map(({ name, value }) => [name, value]));
		t.match(values, {
			violations_prevented_count: 1,
			false_block_count: 0,
			merges_count: 1,
			gate_p50_ms: 20,
			gate_p95_ms: 20,
			warm_trial_p50_ms: 50,
			gate_interrupted_count: 1,
		});
		t.end();
	},
);
