import t from "tap";
import { judge } from "../../../../daemon/host/judge.ts";
import { summarize } from "../../../../load/summary.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import {
	measure,
	measureRows,
} from "../../../../scenarios/contracts/schema-evolution/measure-growth.ts";
import type { Observed } from "../../../../scenarios/contracts/schema-evolution/observe.ts";
import scenarioOf from "../../../../scenarios/contracts/schema-evolution/schema-evolution.scenario.ts";
import type { Truth } from "../../../../scenarios/kit/confusion.ts";
import { exactlyOnce } from "../../../../scenarios/kit/exactly-once.ts";

const scenario = scenarioOf as unknown as Scenario;
const none = { count: 0, first: [] };
const some = { count: 1, first: ["event 7"] };
const violating: Truth = { kind: "violating", place: ["Order", "note"], rule: "no-default" };

const allRead = () => ({
	written: 2,
	readings: 9,
	pairs: 4,
	unreadable: none,
	corrupted: none,
	unregistered: none,
});
const twoEvents = () =>
	exactlyOnce(
		[
			["event-0", "ok"],
			["event-1", "ok"],
		],
		new Map([
			["event-0", 1],
			["event-1", 1],
		]),
	);

/** What is seen of a run in which all went well. */
function good(): Observed {
	const trial = { change: "c", smallest: null };
	const message = "FULL: this schema can't read version 1: Order.note (no-default): …";
	return {
		trials: [
			{ ...trial, name: "0", truth: violating, verdict: { kind: "blocked", message, timeMs: 3 } },
			{ ...trial, name: "1", truth: { kind: "harmless" }, verdict: { kind: "passed", timeMs: 2 } },
			{ ...trial, name: "2", truth: { kind: "outside" }, verdict: { kind: "passed", timeMs: 2 } },
		],
		readings: allRead(),
		events: twoEvents(),
		archive: { readings: allRead(), rows: twoEvents() },
		versions: 8,
		answers: [
			{ atMs: 900, tries: 1 },
			{ atMs: 2_050, tries: 4 },
		],
	};
}

function judged(change: (observed: Observed) => unknown = () => {}) {
	const observed = good();
	change(observed);
	const summary = summarize([], { fromMs: 0, toMs: 1_000 });
	const facts = {
		params: {},
		case: null,
		phases: [],
		loads: [{ name: "events", phase: "all", summary, counters: {} }],
		faults: [
			{ kind: "kill", on: "registry", healedMs: 1_000 },
			{ kind: "down", on: "registry", healedMs: 2_000 },
			{ kind: "latency", on: "registry", healedMs: 3_000 },
		],
		alerts: [],
		recovery: null,
		straddlingCount: 0,
		observed,
		expected: null,
	};
	return judge(scenario.judgement, facts as never, null);
}

t.test("a good run passes every check", (t) => {
	const { checks } = judged();
	t.same(
		checks.filter(({ outcome }) => outcome !== "held"),
		[],
	);
	t.match(
		checks.find(({ id }) => id === "values-read")?.message,
		"of 9 readings of 2 messages, by 4 pairs of versions, 0 failed, and 0 gave another value",
	);
	t.match(
		checks.find(({ id }) => id === "columns-read")?.message,
		"of 9 readings of 2 rows, by 4 pairs of versions, 0 failed, and 0 gave another value",
	);
	t.end();
});

t.test("each kind of damage is caught by the check that is there for it", (t) => {
	const rows: [change: (observed: Observed) => unknown, checks: string[], why: string][] = [
		[
			({ trials }) => Object.assign(trials[0]!, { verdict: { kind: "passed", timeMs: 1 } }),
			["violations-caught"],
			"a breaking change that was accepted",
		],
		[
			({ trials }) =>
				Object.assign(trials[0]!, { verdict: { kind: "blocked", message: "no", timeMs: 1 } }),
			["places-named"],
			"a refusal that does not say why",
		],
		[
			({ trials }) =>
				Object.assign(trials[1]!, { verdict: { kind: "blocked", message: "no", timeMs: 1 } }),
			["no-false-alarms"],
			"a harmless change that was refused",
		],
		[
			({ trials }) => Object.assign(trials[1]!, { verdict: { kind: "none", message: "away" } }),
			["every-trial-answered"],
			"a change without a verdict",
		],
		[
			({ readings }) => Object.assign(readings, { unreadable: some }),
			["values-read"],
			"a message that a reader can't read",
		],
		[
			({ readings }) => Object.assign(readings, { corrupted: some }),
			["values-read"],
			"a value that became another",
		],
		[
			({ readings }) => Object.assign(readings, { unregistered: some }),
			["written-by-accepted"],
			"a message by a schema that nobody accepted",
		],
		[
			(observed) =>
				Object.assign(observed, { events: exactlyOnce([["event-0", "ok"]], new Map()) }),
			["events-once"],
			"an event that is lost",
		],
		[
			({ archive }) => Object.assign(archive.readings, { unreadable: some }),
			["columns-read"],
			"a row that a reader can't read",
		],
		[
			({ archive }) => Object.assign(archive.readings, { corrupted: some }),
			["columns-read"],
			"a cell that became another value",
		],
		[
			({ archive }) => Object.assign(archive.readings, { unregistered: some }),
			["archived-by-accepted"],
			"a file of a schema that nobody accepted",
		],
		[
			({ archive }) =>
				Object.assign(archive, { rows: exactlyOnce([["event-0", "ok"]], new Map()) }),
			["archived-once"],
			"an event that is in the topic and not in the archive",
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

t.test("metrics tell what was caught, and how soon the registry was back", (t) => {
	const values = (change?: (observed: Observed) => unknown) =>
		Object.fromEntries(judged(change).metrics.map(({ name, value }) => [name, value]));
	t.match(values(), {
		breaking_changes_detected_count: 1,
		unreadable_count: 0,
		corrupted_count: 0,
		parquet_readings_count: 9,
		parquet_unreadable_count: 0,
		parquet_corrupted_count: 0,
		versions_count: 8,
		asked_again_count: 3,
		recovery_ms: 50,
	});
	t.equal(values((observed) => Object.assign(observed, { answers: [] })).recovery_ms, null);
	t.end();
});

t.test("what is said of growth can be measured", async (t) => {
	t.ok(measure("FULL_TRANSITIVE", 8) > 0);
	t.ok(measure("FULL", 2) > 0);
	t.ok((await measureRows(2)) > 0);
});
