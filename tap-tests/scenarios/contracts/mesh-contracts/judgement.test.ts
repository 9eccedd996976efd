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
	const said = { repository: "sales", findings: [], notes: [], tookMs: 20 };
	const [changes, main] = ["refs/heads/changes/1", "refs/heads/main"];
	return {
		trials: [
			{ ...trial, name: "0", truth: violating, verdict: blocked },
			{ ...trial, name: "1", truth: { kind: "harmless" }, verdict: passed },
		],
		receipts: [],
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
		said: [
			{ ...said, verdict: "passed", updates: [{ ref: changes, before: "00", after: "p1" }] },
			{ ...said, verdict: "passed", updates: [{ ref: main, before: "s0", after: "s1" }] },
		],
		reads: [{ oid: "s1", count: 3 }],
		wrongFiles: [],
		filesCount: 9,
		left: [],
		rebuilt: { published: { "sales.orders_v1": { columns: [], rows: [] } }, wrong: [] },
		broken: [],
		testsCount: 3,
		radii: [
			{
				n: 0,
				name: "0 status-renamed in sales",
				reached: {
					said: [finance, "logistics.lines_to_pick"],
					wanted: [finance, "logistics.lines_to_pick"],
				},
				broken: { said: [finance], wanted: [finance] },
			},
			{
				n: 1,
				name: "1 order-added in sales",
				reached: { said: [finance], wanted: [finance] },
				broken: { said: [], wanted: [] },
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
			({ said }) => Object.assign(said[1]!, { repository: "crm" }),
			["main-checked", "reads-checked"],
			"what passed in another repository",
		],
		[
			({ radii }) => radii[0]!.broken.said.push("logistics.lines_to_pick"),
			["only-the-broken-named"],
			"a consumer that is named and not broken",
		],
		[
			({ radii }) => radii[0]!.broken.said.pop(),
			["only-the-broken-named"],
			"one that is broken and not named",
		],
		[
			({ radii }) => radii[1]!.reached.said.pop(),
			["blast-radius-right"],
			"one that is reached and not told of",
		],
		[
			({ rebuilt }) => rebuilt.wrong.push("sales.orders_v1"),
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
