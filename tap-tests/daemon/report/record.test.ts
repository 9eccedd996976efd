import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { RunEvent, RunEventBody } from "../../../daemon/record/events.ts";
import { withEvents } from "../../../daemon/report/record.ts";
import { runDocument } from "../record/run-document.ts";
import { fault, fullReport, storedRun } from "./full-report.ts";

const events = (...bodies: [ms: number, body: RunEventBody][]): RunEvent[] =>
	bodies.map(([ms, body], i) => ({ id: i + 1, ms, ...body }));

t.test("what a crashed run had not put into its record is told by its events", (t) => {
	const injected = fault({ healedMs: null, cleanMs: null, state: "injected" });
	const told = withEvents(
		runDocument({ state: "crashed", verdict: "invalid" }),
		events(
			[10, { type: "state", state: "queued", case: null }],
			[100, { type: "phase", phase: "warming", case: null }],
			[2_000, { type: "phase", phase: "steady", case: null }],
			[3_900, { type: "fault", fault: { ...injected, injectedMs: null, state: "planned" } }],
			[4_003, { type: "phase", phase: "faulting", case: null }],
			[4_208, { type: "fault", fault: injected }],
			[5_003, { type: "alert", rule: "slow", origin: "plan", change: "fired", case: null }],
			[5_500, { type: "log", message: "and then nothing" }],
		),
	);
	t.same(told.phases, [
		{ name: "warming", case: null, fromMs: 100, toMs: 2_000 },
		{ name: "steady", case: null, fromMs: 2_000, toMs: 4_003 },
		{ name: "faulting", case: null, fromMs: 4_003, toMs: 5_500 },
	]);
	t.same(told.faults, [injected], "once, as it was last");
	t.same(told.alerts, [
		{
			rule: "slow",
			origin: "plan",
			case: null,
			score: null,
			firedMs: [5_003],
			resolvedMs: [],
			acknowledgedMs: [null],
		},
	]);
	t.end();
});

t.test("cases that came to their end before the crash end where they did", (t) => {
	const told = withEvents(
		runDocument({ state: "crashed" }),
		events(
			[100, { type: "phase", phase: "steady", case: "a" }],
			[900, { type: "state", state: "verifying", case: "a" }],
			[1_500, { type: "phase", phase: "steady", case: "b" }],
			[1_800, { type: "log", message: "." }],
		),
	);
	t.match(told.phases, [
		{ case: "a", toMs: 900 },
		{ case: "b", toMs: 1_800 },
	]);
	t.end();
});

t.test("a record that has its parts stays as it is", (t) => {
	const { document } = fullReport();
	const late = events([1, { type: "phase", phase: "warming", case: null }]);
	t.equal(withEvents(document, late), document);
	t.end();
});

t.test("a record is read from the folder of its run", (t) => {
	const { document, read } = storedRun(t.testdir());
	const report = read();
	t.same(report.document, JSON.parse(JSON.stringify(document)));
	t.equal(report.intervals.length, 9);
	t.end();
});

t.test("a record of an earlier version, which says less, is read too", (t) => {
	const { store, document, folder, read } = storedRun(t.testdir());
	const { about: _about, ...older } = document;
	store.save(older as typeof document);
	const [interval] = store.readIntervals(document.runId);
	const { phases: _phases, ...line } = interval!;
	writeFileSync(join(folder, "intervals.ndjson"), `${JSON.stringify(line)}\n`);
	t.match(read().document.about, { title: /earlier version/ });
	t.same(read().intervals[0]?.phases, []);
	t.end();
});
