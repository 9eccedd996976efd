import t from "tap";
import { Parser, type Result } from "tap-parser";
import { parse } from "yaml";
import type { NightlyDocument } from "../../../daemon/nightly/document.ts";
import { nightlyAsHtml } from "../../../daemon/nightly/html.ts";
import { nightlyAsJunit } from "../../../daemon/nightly/junit.ts";
import { nightlyAsTap } from "../../../daemon/nightly/tap.ts";
import { nightlyAsText, statusAsText } from "../../../daemon/nightly/text.ts";
import { doneRun } from "../compare/accepted.ts";
import {
	clean,
	nightOf,
	restless,
	resultsOf,
	slower,
	tonight,
	unplayed,
	unrun,
	withLoss,
	worse,
} from "./night.ts";
import { xmlProblem } from "./xml.ts";

/** Text that every form has to take care of. */
const nasty = `a <b> & "c" 'd' # e \\ \u001b[31m\n- f: \ud800`;
const nastyNight = () =>
	nightOf(
		[
			...resultsOf([
				doneRun({}, { ...tonight, scenario: nasty, verdict: "failed", asExpected: false }),
			]),
			{ ...unrun, why: nasty, error: { code: "FLT_SCENARIO_BROKEN", message: nasty } },
		],
		{
			duets: [
				{ ...worse, why: nasty },
				{ ...unplayed, why: nasty },
			],
		},
	);
const allNights: [name: string, night: NightlyDocument][] = [
	["clean", clean()],
	["a loss", withLoss()],
	["slower", slower()],
	["nasty", nastyNight()],
	["nothing", nightOf([])],
	["stopped", nightOf(clean().results, { stopped: "stopped by request" })],
];

/** Field names of a document as a tree; of lists, those of the first item. */
function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
	if (typeof value !== "object" || value === null) return value === null ? null : typeof value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([name, own]) => [name, shapeOf(own)]),
	);
}

t.test("the document has the fields that others read", (t) => {
	const night = nightOf(withLoss().results, {
		duets: [worse],
		missed: [{ plannedAt: "2026-01-31T03:00:00.000Z", why: "no daemon ran" }],
		changes: [
			{
				scenario: "echo",
				series: "ratios",
				metric: "orders.p50",
				night: "2026-01-20",
				worsePct: 4.2,
				p: 0.0001,
			},
		],
	});
	const text = "string";
	const number = "number";
	t.equal(night.schema, 1);
	t.same(shapeOf(night), {
		schema: number,
		id: text,
		night: text,
		askedBy: text,
		startedAt: text,
		endedAt: text,
		outcome: text,
		exitCode: number,
		headline: text,
		stopped: null,
		judgedByHistory: number,
		plan: {
			scenarios: null,
			duets: [],
			budgetMs: number,
			size: text,
			seed: number,
			allowDestructive: "boolean",
		},
		missed: [{ plannedAt: text, why: text }],
		results: [
			{
				scenario: text,
				guard: text,
				outcome: text,
				why: text,
				error: null,
				repeats: [],
				baseline: { key: text, seeds: [number] },
				notes: [],
				run: {
					runId: text,
					state: text,
					verdict: text,
					expect: text,
					asExpected: "boolean",
					reasons: [],
					before: [],
					failed: [],
					tookMs: number,
				},
				metrics: [
					{
						name: text,
						case: null,
						unit: text,
						direction: text,
						portability: text,
						value: number,
						against: number,
						range: null,
						effect: null,
						outcome: text,
						suspected: "boolean",
						why: text,
					},
				],
			},
		],
		duets: [
			{
				scenario: text,
				a: { retries: number },
				b: { retries: number },
				outcome: text,
				told: text,
				why: text,
				sentences: [text],
				pairs: number,
				dropped: number,
				runId: text,
				noiseRunId: text,
			},
		],
		changes: [
			{ scenario: text, series: text, metric: text, night: text, worsePct: number, p: number },
		],
		environment: { fingerprint: text, cpu: text, cores: number, memoryBytes: number, kernel: text },
		versions: { faultline: text, node: text },
	});
	t.end();
});

t.test("the text of a clean night is its verdict and one table", (t) => {
	t.equal(
		nightlyAsText(clean()),
		`nightly 2026-02-01: all 2 as expected, 2 at the first try, nothing regressed
20260201T030000000Z-nightly, size default, seed 1, 12.5 min; exit code 0

scenario        outcome      verdict  s  baseline  same  better  worse  can't tell
echo            as expected  passed   0  5 seeds      3       0      0           0
echo guard=off  as expected  failed   0  none         0       0      0           3
`,
	);
	t.end();
});

t.test("the text of a bad night tells in full only what is bad", (t) => {
	const text = nightlyAsText(
		nightOf([...withLoss().results, unrun], {
			duets: [worse, restless],
			missed: [{ plannedAt: "2026-01-31T03:00:00.000Z", why: "no daemon ran" }],
		}),
	);
	t.match(
		text.split("\n")[0],
		/^nightly 2026-02-01: 2 regressed \(echo, duet of echo: retries=3 against retries=1\); 1 not run \(cdc\); 1 duet can't tell; 2 of 5 as expected, 1 at the first try$/,
	);
	t.match(text, /\nthe nightly of 2026-01-31T03:00:00.000Z did not happen: no daemon ran\n/);
	t.match(
		text,
		/\nREGRESSED {2}echo\n {2}run 20260201T030000Z.*\n {2}rows_lost_count regressed: it was 0 and is 1/,
	);
	t.match(text, /\nNOT RUN {2}cdc: kafka is missing\n {2}FLT_COMPONENT_MISSING\n/);
	t.match(text, /\nREGRESSED {2}duet of echo: .*\n {2}run d1\n {2}orders\.p50 \+1\.0%\n/);
	t.match(text, /\nduet of echo: .* can't tell: 2 of 6 pairs were dropped\n/);
	t.notMatch(text, /AS EXPECTED/);
	t.notMatch(text, /none-lost/, "the twin failed as it should: its check is no news");
	t.ok(text.split("\n").length < 40, "it is read in two minutes");
	t.end();
});

t.test("what improved and what stands out get a line", (t) => {
	const better = nightlyAsText(nightOf(resultsOf([doneRun({ p50Us: 7_000 }, tonight)])));
	t.match(better, /\necho orders_steady_response_p50_us improved: -30/);
	const odd = doneRun({ p50Us: 10_340 }, tonight);
	const others = Array.from({ length: 20 }, (_, n) => doneRun({}, { runId: `other-${n}` }));
	const text = nightlyAsText(nightOf(resultsOf([odd, ...others])));
	t.match(text, /\necho orders_steady_response_p50_us to be watched: .*chance has one like it\n/);
	t.end();
});

/** The tests that tap's own parser finds, and what it says of the whole. */
function parsed(text: string) {
	const parser = new Parser({ strict: true });
	const asserts: Result[] = [];
	parser.on("assert", (one: Result) => asserts.push(one));
	parser.end(text);
	return { asserts, results: parser.results! };
}

t.test("TAP: a test per scenario and guard, read back by tap's parser", (t) => {
	for (const [name, night] of allNights) {
		const { asserts, results } = parsed(nightlyAsTap(night));
		t.same(
			results.failures.filter((one) => "tapError" in one && one.tapError),
			[],
			name,
		);
		t.equal(results.ok, night.exitCode === 0, `${name}: ok as the exit code is`);
		t.equal(results.count, asserts.length);
	}
	const { asserts } = parsed(nightlyAsTap(withLoss()));
	t.match(asserts, [
		{ ok: false, name: "echo", diag: { outcome: "regressed", runId: tonight.runId } },
		{ ok: true, name: "echo guard=off", diag: { outcome: "as expected", expect: "failed" } },
	]);
	t.match(asserts[0]?.diag.metrics, [/^rows_lost_count regressed: it was 0 and is 1/]);
	t.equal(asserts.length, 2);
	t.end();
});

t.test("TAP: a duet that was not played is skipped, and what is nasty stays one line", (t) => {
	const text = nightlyAsTap(nastyNight());
	const { asserts } = parsed(text);
	t.equal(asserts.length, 4);
	t.match(asserts[3], { ok: true, skip: /a <b> & "c"/ });
	t.same(asserts[2]?.diag.details[0], "run d1");
	const named = nightOf([{ ...unrun, scenario: "cdc # TODO later" }]);
	t.match(parsed(nightlyAsTap(named)).asserts, [
		{ ok: false, todo: false, name: "cdc # TODO later" },
	]);
	const [, yaml] = /\n {2}---\n(.*?)\n {2}\.\.\.\n/s.exec(text)!;
	t.match(parse(yaml!), { outcome: "not as expected", why: /it failed/ });
	t.end();
});

t.test("JUnit: well-formed, a suite per scenario, its counts right", (t) => {
	for (const [name, night] of allNights) t.equal(xmlProblem(nightlyAsJunit(night)), null, name);
	const text = nightlyAsJunit(
		nightOf([...withLoss().results, unrun], { duets: [worse, unplayed] }),
	);
	t.match(
		text,
		/<testsuites name="nightly 2026-02-01: .*" tests="5" failures="2" errors="1" skipped="1" time="0.000">/,
	);
	t.match(
		text,
		/<testsuite name="echo" tests="4" failures="2" errors="0" skipped="1" .* timestamp="2026-02-01T03:00:00">/,
	);
	t.match(
		text,
		/<testcase classname="echo" name="guard=on" time="0.000">\n\t+<failure type="regressed" message="rows_lost_count: it was 0 and is 1/,
	);
	t.match(text, /<testcase classname="echo" name="guard=off" time="0.000"\/>/);
	t.match(text, /<error type="not run" message="kafka is missing">/);
	t.match(text, /<skipped message="the budget/);
	t.end();
});

t.test("the check of well-formedness finds what is not", (t) => {
	const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
	for (const bad of [
		"<a/>",
		`${head}<a>`,
		`${head}<a></b>`,
		`${head}<a>x & y</a>`,
		`${head}<a b="x & y"/>`,
		`${head}<a b="1" b="2"/>`,
		`${head}<a b="<"/>`,
		`${head}<a>\u001b</a>`,
		`${head}<a/><a/>`,
		`${head}x<a/>`,
	])
		t.not(xmlProblem(bad), null, bad);
	t.equal(xmlProblem(`${head}<a b="1">x &amp; y<c/></a>`), null);
	t.end();
});

t.test("the page needs nothing from elsewhere, and holds no markup of others", (t) => {
	for (const [, night] of allNights) {
		const page = nightlyAsHtml(night);
		t.notMatch(page, /https?:|<script|<link(?! rel="icon" href="data:,")|<img/);
		t.notMatch(page, /a <b> &/);
	}
	t.match(
		nightlyAsHtml(withLoss()),
		/<div class="verdict bad">.*<pre>REGRESSED {2}echo\n.*rows_lost/s,
	);
	t.end();
});

t.test("the state of nightlies as text: what runs, what comes, what was", (t) => {
	const idle = { running: null, next: null, missed: [], last: null };
	t.match(statusAsText(idle), /^no nightly runs\nnone is planned: nightly\.at/);
	const running = {
		...({ id: "n", askedBy: "schedule", startedAt: "s", step: "echo", done: 1, of: 3 } as const),
	};
	t.match(
		statusAsText({ running, next: "2026-02-02T03:00:00.000Z", missed: [], last: clean() }),
		/^nightly n runs since s: echo \(1 of 3 done\)\nnext 2026-02-02.*\n\nnightly 2026-02-01: all 2/,
	);
	t.end();
});
