import t from "tap";
import { Parser, type Result } from "tap-parser";
import type { SuiteDocument } from "../../../daemon/suites/document.ts";
import { suiteAsJunit, suiteAsTap } from "../../../daemon/suites/forms.ts";
import { tableOf } from "../../../daemon/suites/table.ts";
import { suiteAsText, tableAsText } from "../../../daemon/suites/text.ts";
import { xmlProblem } from "../nightly/xml.ts";
import { asExpected, performed } from "./fake-suite.ts";

/** Text that every form has to take care of. */
const nasty = `a <b> & "c" 'd' # e \\ \u001b[31m\n- f: \ud800`;

/** The second step passed though it had to fail, the third could not be run. */
const bad = async (): Promise<SuiteDocument> =>
	(
		await performed({
			answer: (asked, n) => {
				if (n === 3) return Object.assign(new Error(nasty), { code: "FLT_COMPONENT_MISSING" });
				const run = asExpected(asked, n);
				return n === 2 ? { ...run, verdict: "passed", asExpected: false } : run;
			},
		})
	).document;

t.test("the text of a clean suite is its outcome, its table and its steps", async (t) => {
	t.equal(
		suiteAsText((await performed()).document),
		`suite pairs: all 4 as expected, 4 at the first try
What does the guard save?
20260201T030000Z-pairs-0001 size=small, 1 min 30 s; exit code 0

      | detected in ms  | ended                 | rows lost
      |    on  off      | on         off        | on    off
echo  | 935.5    –      | recovered  lost rows  |  0  12345
cdc   | 935.5    –      | recovered  lost rows  |  0  12345

step            outcome      verdict  expected  s  run
echo guard=on   as expected  passed   passed    2  run-1
echo guard=off  as expected  failed   failed    2  run-2
cdc guard=on    as expected  passed   passed    2  run-3
cdc guard=off   as expected  failed   failed    2  run-4
`,
	);
});

t.test("of a bad one it tells in full only what is bad", async (t) => {
	const text = suiteAsText(await bad());
	t.match(
		text,
		/^suite pairs: 1 not as expected \(echo guard=off\); 1 not run \(cdc guard=on\); 2 of 4 as expected, 2 at the first try\n/,
	);
	t.match(
		text,
		/\nNOT AS EXPECTED {2}echo guard=off: it passed, and failed was expected\n {2}run run-2\n {2}check none-lost: 2 lost\n/,
	);
	t.match(text, /\nNOT RUN {2}cdc guard=on: a <b>/);
	t.match(text, /\n {2}FLT_COMPONENT_MISSING\n/);
	t.notMatch(text, /AS EXPECTED {2}echo guard=on/);
	const { saved } = await performed();
	t.match(suiteAsText(saved[1]!), /^suite pairs: echo guard=off \(2 of 4\)\n.*\n.*, it runs\n/);
});

t.test("a table without columns has one line of headings; what there is not is a dash", (t) => {
	const cell = (value: number | string | null) => ({ value, unit: null, error: null });
	const { table, notes } = tableOf(
		["rate", "ended"],
		[
			{ row: "small", column: "", cells: [cell(1234.567), cell("well")] },
			{ row: "large", column: "", cells: [cell(null), { ...cell(null), error: "no such load" }] },
			{ row: "huge", column: "", cells: null },
		],
	);
	t.equal(
		tableAsText(table),
		`       | rate  | ended
small  | 1235  | well
large  |    –  | –
huge   |    –  | –
`,
	);
	t.same(notes, ["no value for large, ended: no such load"]);
	t.end();
});

t.test("rows and columns stand in the order in which they first come", (t) => {
	const cells = [{ value: 1, unit: "pct" as const, error: null }];
	const { table } = tableOf(
		["share"],
		[
			{ row: "b", column: "off", cells },
			{ row: "a", column: "on", cells: null },
			{ row: "a", column: "off", cells: [{ ...cells[0]!, value: 2 }] },
		],
	);
	t.same(table, {
		values: [{ heading: "share", unit: "pct" }],
		columns: ["off", "on"],
		rows: [
			{ heading: "b", cells: [[1], [null]] },
			{ heading: "a", cells: [[2], [null]] },
		],
	});
	t.match(tableAsText(table), /^ {3}\| share %\n {3}\| off {2}on\nb {2}\|/);
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

t.test(
	"TAP: a test per step, ok where it was as expected, read back by tap's parser",
	async (t) => {
		const clean = parsed(suiteAsTap((await performed()).document));
		t.match(clean.results, { ok: true, count: 4, failures: [] });
		t.match(clean.asserts[1], {
			ok: true,
			name: "echo guard=off",
			diag: { outcome: "as expected", runId: "run-2", verdict: "failed", expect: "failed" },
		});
		const { asserts, results } = parsed(suiteAsTap(await bad()));
		t.equal(results.ok, false);
		t.match(asserts, [
			{ ok: true },
			{ ok: false, diag: { checks: ["none-lost: 2 lost"], durationMs: 2_000 } },
			{ ok: false, diag: { outcome: "not run", why: /^a <b> & / } },
			{ ok: true },
		]);
	},
);

t.test("JUnit: well-formed, a case per step", async (t) => {
	const text = suiteAsJunit(await bad());
	t.equal(xmlProblem(text), null);
	t.match(
		text,
		/<testsuite name="pairs" tests="4" failures="1" errors="1" skipped="0" time="6.000"/,
	);
	t.match(text, /<testcase classname="pairs" name="echo guard=on" time="2.000"\/>/);
	t.match(text, /<failure type="not as expected" message="it passed, and failed was expected">/);
});

t.test("a step that was tried again is flaky in every form, and no first try", async (t) => {
	const before = [{ runId: "run-0", why: "generator_late" }];
	const { document } = await performed({
		answer: (asked, n) => ({
			...asExpected(asked, n),
			tries: { before: n === 2 ? before : [], next: null },
		}),
	});
	t.match(document.headline, "all 4 as expected, 3 at the first try");
	t.match(document.steps[1], { outcome: "as_expected", why: "it failed, as expected, at try 2" });
	const { asserts } = parsed(suiteAsTap(document));
	t.match(asserts[1], { ok: true, diag: { flaky: ["run-0: generator_late"] } });
	t.equal((asserts[0]!.diag as { flaky?: unknown }).flaky, undefined);
	const text = suiteAsJunit(document);
	t.equal(xmlProblem(text), null);
	t.match(
		text,
		/name="echo guard=off" time="2.000">\s+<flakyError type="invalid" message="run-0: generator_late"\/>\s+<\/testcase>/,
	);
	t.match(text, 'failures="0" errors="0"', "which is no failure");
});
