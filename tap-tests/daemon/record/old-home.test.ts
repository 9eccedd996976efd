import "../bare-node.ts";
import {
	cpSync,
	existsSync,
	globSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import hdr from "hdr-histogram-js";
import t from "tap";
import { eventLine } from "../../../daemon/cli/event-line.ts";
import { BaselineStore } from "../../../daemon/compare/baseline-store.ts";
import { noiseOf } from "../../../daemon/compare/estimate.ts";
import { readNights } from "../../../daemon/compare/nights.ts";
import { recheck } from "../../../daemon/compare/recheck.ts";
import { recheckAsText } from "../../../daemon/compare/recheck-text.ts";
import { compareRun } from "../../../daemon/compare/sources.ts";
import { comparisonAsText } from "../../../daemon/compare/text.ts";
import { judgePairs } from "../../../daemon/duet/verdict.ts";
import { openHome } from "../../../daemon/home/home.ts";
import { nightlyAsHtml } from "../../../daemon/nightly/html.ts";
import { nightlyAsJunit } from "../../../daemon/nightly/junit.ts";
import { NightlyStore } from "../../../daemon/nightly/store.ts";
import { nightlyAsTap } from "../../../daemon/nightly/tap.ts";
import { nightlyAsText } from "../../../daemon/nightly/text.ts";
import type { RunState, Verdict } from "../../../daemon/record/document.ts";
import { runAsText } from "../../../daemon/record/run-text.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import { comparisonPage } from "../../../daemon/report/comparison-page.ts";
import { escaped } from "../../../daemon/report/html.ts";
import { codeName } from "../../../daemon/report/parts.ts";
import { curvesOfRun } from "../../../daemon/report/percentiles.ts";
import { readRecord } from "../../../daemon/report/record.ts";
import { loadSections, runPage } from "../../../daemon/report/run-page.ts";
import { suiteAsJunit, suiteAsTap } from "../../../daemon/suites/forms.ts";
import { SuiteStore } from "../../../daemon/suites/store.ts";
import { suiteAsText } from "../../../daemon/suites/text.ts";

t.jobs = 2;

/** What this home has: the fixture's README says how each came about. */
const runs: Record<string, [state: RunState, verdict: Verdict]> = {
	"20261129T032132Z-retry-storm-7b07": ["done", "invalid"],
	"20261129T034758Z-retry-storm-133a": ["done", "passed"],
	"20261129T035307Z-retry-storm-7fcd": ["done", "failed"],
	"20261129T042421Z-window-queries-4753": ["done", "passed"],
	"20261129T043349Z-network-timeout-0356": ["done", "passed"],
	"20261129T043355Z-network-timeout-bc11": ["done", "failed"],
	"20261129T043438Z-retry-storm-c1a4": ["done", "passed"],
	"20261129T054827Z-retry-storm-8229": ["aborted", "invalid"],
	"20261129T054848Z-retry-storm-8206": ["crashed", "invalid"],
	"20261129T054858Z-retry-storm-4e01": ["done", "passed"],
	"20261129T054933Z-retry-storm-3262": ["done", "passed"],
};
const ids = Object.keys(runs);
const named = (end: string) => ids.find((id) => id.endsWith(end))!;

const home = openHome(copyOf("home-5b6425d"));
const store = new RunStore(home.runs);
const baselines = new BaselineStore(join(home.folder, "baselines"));
t.teardown(() => store.close());

/** A copy of a fixture's home, whose records are of this tree's scenarios. */
function copyOf(fixture: string): string {
	const folder = t.testdir();
	cpSync(new URL(`../../fixtures/${fixture}/`, import.meta.url), folder, { recursive: true });
	const tree = fileURLToPath(new URL("../../../", import.meta.url));
	for (const file of globSync(join(folder, "{runs/*/run,suites/*}.json"))) {
		const text = readFileSync(file, "utf8");
		writeFileSync(file, text.replaceAll('"/faultline/', JSON.stringify(tree).slice(0, -1)));
	}
	return folder;
}

t.test("an old home's runs are listed in the state that they came to", (t) => {
	t.same(
		readdirSync(home.runs)
			.filter((name) => name.startsWith("2026"))
			.sort(),
		[...ids].sort(),
	);
	const listed = store.list(100, null);
	t.same(
		listed.map(({ runId, state, verdict }) => [runId, state, verdict]),
		ids.toReversed().map((id) => [id, ...runs[id]!]),
	);
	t.same(store.unfinished(), []);
	t.end();
});

t.test("an old record is read, and shown as text, as a page and event by event", async (t) => {
	const sections = await loadSections();
	for (const id of ids) {
		const run = store.read(id);
		t.match(run, { runId: id, state: runs[id]![0], verdict: runs[id]![1] });
		const text = runAsText(run);
		const page = runPage(readRecord(store.folderOf(id)), sections);
		t.match(text, `state ${run.state}, verdict ${run.verdict} (expected ${run.expect})`);
		const lines = store.readEvents(id).flatMap((event) => eventLine(event) ?? []);
		t.ok(lines.length > 0);
		for (const { message } of [...run.checks, ...run.reasons]) {
			t.match(text, message);
			t.match(page, escaped(message));
		}
		const said = [...lines, ...text.split("\n")].filter((line) =>
			run.checks.some(({ id, message }) => line.includes(id) && line.includes(message)),
		);
		const isOk = (line: string) => / ok\b/.test(line);
		if (run.verdict === "passed") t.ok(said.every(isOk));
		if (run.verdict === "failed") t.notOk(said.every(isOk));
		t.ok(said.length >= 2 * run.checks.length, "each check is told by the text and by an event");
		for (const { name } of [...run.metrics, ...run.loads]) t.match(text, name);
		for (const { kind, on } of run.faults) t.match(page, `${kind} on ${on}`);
	}
});

t.test("an old exploration is shown, and an old duet judged again from its pairs", async (t) => {
	const { exploration } = store.read(named("4e01"));
	t.equal(exploration?.trials.length, 13);
	const record = readRecord(store.folderOf(named("4e01")));
	t.match(runPage(record, await loadSections()), "13 timelines tried");
	const { pairs, looks, verdict } = store.read(named("3262")).duet!;
	t.equal(pairs.length, 10);
	t.equal(judgePairs(pairs, looks, () => noiseOf([])).verdict.outcome, verdict.outcome);
});

/** How many operations a log has of each interval, whichever way its lines are tagged. */
function counted(text: string): Map<string, number> {
	const counts = new Map<string, number>();
	for (const line of text.split("\n").filter((line) => /^(Tag=|\d)/.test(line))) {
		const fields = line.replace(/^Tag=[^,]*,/, "").split(",");
		const { totalCount } = hdr.decodeFromCompressedBase64(fields.at(-1)!);
		counts.set(fields[0]!, (counts.get(fields[0]!) ?? 0) + totalCount);
	}
	return counts;
}

t.test("old intervals still make the histogram log that was kept of them", (t) => {
	const kept = ids.filter((id) => existsSync(join(store.folderOf(id), "latency.hlog")));
	t.equal(kept.length, ids.length - 2);
	for (const id of kept) {
		const file = join(store.folderOf(id), "latency.hlog");
		const before = readFileSync(file, "utf8");
		rmSync(file);
		store.saveHistogramLog(store.read(id));
		t.same(counted(readFileSync(file, "utf8")), counted(before), id);
	}
	t.end();
});

t.test("an old run is held against its old baseline, and against another old run", (t) => {
	const sources = { read: (id: string) => store.read(id), baselines, history: home.history };
	const rows: [end: string, to: string][] = [
		["133a", "baseline"],
		["4753", "baseline"],
		["133a", named("c1a4")],
		["0356", named("bc11")],
	];
	for (const [end, to] of rows) {
		const run = store.read(named(end));
		const comparison = compareRun(run.runId, to, [], sources);
		const text = comparisonAsText(comparison);
		const page = comparisonPage(
			comparison,
			curvesOfRun(readRecord(store.folderOf(run.runId)), "this run"),
		);
		for (const { name, case: caseId, value } of run.metrics) {
			t.match(
				comparison.metrics.find((metric) => metric.name === name && metric.case === caseId),
				{ value },
			);
			t.match(text, name);
			t.match(page, codeName(name).text);
		}
	}
	const { metrics } = compareRun(named("133a"), named("c1a4"), [], sources);
	t.same(
		metrics.filter(({ portability }) => portability === "exact").map(({ outcome }) => outcome),
		["same", "same"],
		"no row is lost and none is doubled, then and now",
	);
	t.equal(readNights(home.history, "retry-storm")[0]?.runId, named("c1a4"));
	t.end();
});

t.test(
	"old times of queries, too few to tell growth by today's rule, are said to be",
	async (t) => {
		const run = store.read(named("4753"));
		const { after, before } = await recheck(run, store.readOutcome(run.runId));
		t.equal(before.verdict, "passed");
		t.match(
			after.checks.filter(({ outcome }) => outcome !== "held"),
			[{ id: "growth-as-stated", outcome: "cannot_tell" }],
			"everything else is judged as it was, and nothing failed",
		);
	},
);

for (const end of ["133a", "7fcd", "bc11"]) {
	const id = named(end);
	t.test(`${id} is judged again as it was judged then`, async (t) => {
		const run = store.read(id);
		t.notOk(existsSync(run.file), "its scenario lies elsewhere by now");
		const again = await recheck(run, store.readOutcome(id));
		t.equal(again.before.verdict, run.verdict);
		t.equal(again.after.verdict, run.verdict);
		for (const { id } of run.checks) t.match(recheckAsText(again), `${id} `);
	});
}

t.test("an old run that never came to its checks is told so", async (t) => {
	for (const id of [named("8229"), named("8206")])
		await t.rejects(recheck(store.read(id), store.readOutcome(id)), { code: "FLT_CONFLICT" });
});

t.test("the old record of a suite is read and shown in all forms", (t) => {
	const document = new SuiteStore(home.suites).lastOf("failure-modes")!;
	t.equal(document.steps.length, 10);
	const text = suiteAsText(document);
	t.match(text, document.headline);
	t.match(text, document.about.question);
	for (const { heading } of document.table!.values) t.match(text, heading);
	for (const { run } of document.steps) t.match(text, run!.runId);
	t.match(suiteAsTap(document), /^1\.\.10$/m);
	t.match(suiteAsJunit(document), 'tests="10"');
	t.end();
});

t.test("the old record of a nightly is read and shown in all forms", (t) => {
	const nightly = new NightlyStore(home.nightly);
	t.equal(nightly.readState().running, null);
	const document = nightly.last()!;
	t.equal(document.results.length, 2);
	for (const text of [nightlyAsText(document), nightlyAsHtml(document)]) {
		t.match(text, document.id);
		t.match(text, "retry-storm guard=off");
	}
	t.match(nightlyAsTap(document), /^1\.\.2$/m);
	t.match(nightlyAsJunit(document), 'tests="2"');
	t.end();
});
