import t from "tap";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import scenarioOf from "../../../../scenarios/contracts/mesh-contracts/mesh-contracts.scenario.ts";
import type { Observed } from "../../../../scenarios/contracts/mesh-contracts/observe.ts";
import type { Truth } from "../../../../scenarios/kit/confusion.ts";
import { judgedOf } from "../../subjects/gate/judged.ts";

const scenario = scenarioOf as unknown as Scenario;
const violating: Truth = {
	kind: "violating",
	place: ["finance", "revenue_by_country"],
	rule: "status-known",
};
const finance = "finance.revenue_by_country";

/** What is seen of a run in which all went well: one proposal was merged, one was blocked. */
function good(): Observed {
	const blocked = {
		kind: "blocked",
		message: `${finance} (status-known): it is 3`,
		timeMs: 30,
	} as const;
	const passed = { kind: "passed", timeMs: 50 } as const;
	const trial = { change: "c", smallest: null };
	const [changes, main] = ["refs/heads/changes/1", "refs/heads/main"];
	return {
		trials: [
			{ ...trial, name: "0", truth: violating, verdict: blocked },
			{ ...trial, name: "1", truth: { kind: "harmless" }, verdict: passed },
		],
		pushes: { interrupted: [], warmTimesMs: [] },
		repositories: [
			{ name: "crm", mains: [{ oid: "c0", parents: [] }] },
			{
				name: "sales",
				mains: [
					{ oid: "s1", parents: ["s0", "p1"] },
					{ oid: "s0", parents: [] },
				],
			},
		],
		told: [
			["sales", changes, "00", "p1", "passed", 20],
			["sales", main, "s0", "s1", "passed", 20],
		],
		reads: [{ oid: "s1", count: 3 }],
		wrongFiles: [],
		filesCount: 9,
		left: [],
		datasetsCount: 3,
		wrongDatasets: [],
		broken: [],
		testsCount: 3,
		radii: [
			{
				n: 0,
				reached: { queries: 3, consumers: 2, wrong: [] },
				broken: { queries: 1, consumers: 1, wrong: [] },
			},
			{
				n: 1,
				reached: { queries: 1, consumers: 1, wrong: [] },
				broken: { queries: 0, consumers: 0, wrong: [] },
			},
		],
	};
}

function judged(change: (observed: Observed) => unknown = () => {}) {
	const observed = good();
	change(observed);
	return judgedOf(scenario, observed);
}

t.test("a good run passes every check but that which needs an interruption", (t) => {
	t.same(
		judged()
			.checks.filter(({ outcome }) => outcome !== "held")
			.map(({ id }) => id),
		["interrupted-end-right"],
	);
	t.end();
});

t.test("each kind of damage is caught by the check that is there for it", (t) => {
	const rows: [change: (observed: Observed) => unknown, checks: string[], why: string][] = [
		[
			({ trials }) => Object.assign(trials[0]!, { verdict: { kind: "passed", timeMs: 1 } }),
			["violations-caught"],
			"a change that breaks a consumer was merged",
		],
		[
			({ trials }) =>
				Object.assign(trials[0]!, { verdict: { kind: "blocked", message: "finance", timeMs: 1 } }),
			["places-named"],
			"a refusal that does not name the query",
		],
		[
			({ trials }) =>
				Object.assign(trials[1]!, { verdict: { kind: "blocked", message: "no", timeMs: 1 } }),
			["no-false-alarms"],
			"a change of what nobody reads was blocked",
		],
		[
			({ told }) => Object.assign(told[1]!, { 0: "crm" }),
			["main-checked", "reads-checked"],
			"what passed in another repository",
		],
		[
			({ radii }) => radii[0]!.broken.wrong.push(`0 in sales: said none, and it is ${finance}`),
			["only-the-broken-named"],
			"a consumer that is broken and not named",
		],
		[
			({ radii }) => radii[1]!.reached.wrong.push(`1 in sales: said none, and it is ${finance}`),
			["blast-radius-right"],
			"one that is reached and not told of",
		],
		[
			({ wrongDatasets }) => wrongDatasets.push("sales.orders_v1 is made otherwise"),
			["datasets-right"],
			"a dataset that is made otherwise",
		],
		[
			({ broken }) => broken.push(`${finance} status-known`),
			["consumers-hold"],
			"a consumer who does not get what it relies on",
		],
		[({ left }) => left.push("schema asked"), ["scratch-clean"], "something that a check has left"],
		[({ wrongFiles }) => wrongFiles.push("sales/a"), ["main-right"], "a file of another text"],
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

t.test("metrics tell how much was caught, and how many consumers a change reaches", (t) => {
	const values = Object.fromEntries(judged().metrics.map(({ name, value }) => [name, value]));
	t.match(values, {
		detection_pct: 100,
		false_alarm_count: 0,
		blast_radius_max_count: 2,
		blast_radius_mean_count: 1.5,
		consumers_broken_mean_count: 0.5,
		merges_count: 1,
	});
	t.end();
});
