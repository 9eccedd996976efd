import t from "tap";
import { ended } from "../../../daemon/host/check-end.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import type { RunReport, Section } from "../../../daemon/report/report.ts";
import { loadSections, runPage } from "../../../daemon/report/run-page.ts";
import { detectedMs, drainedMs } from "../../../daemon/report/sections/faults.ts";
import { commandOf } from "../../../daemon/report/sections/reproduce.ts";
import { runDocument } from "../record/run-document.ts";
import { fault, fullReport } from "./full-report.ts";

let sections: Section[];
t.before(async () => {
	sections = await loadSections();
});

const pageOf = (report: RunReport) => runPage(report, sections);
const withDocument = (given: Partial<RunDocument>) => pageOf(fullReport(given));
/** What a reader sees, without drawings and tags. */
const textOf = (html: string) =>
	html
		.replace(/<head>[\s\S]*<\/head>/, "")
		.replaceAll(/<svg[\s\S]*?<\/svg>/g, "")
		.replaceAll(/<[^>]+>/g, " ")
		.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
		.replaceAll(/[\s\u202f]+/g, " ");
const headings = (html: string) => [...html.matchAll(/<h2[^>]*>([^<]*)</g)].map(([, text]) => text);

t.test("a page tells all that the record holds, the verdict first", (t) => {
	const html = pageOf(fullReport());
	t.same(headings(html), [
		"Checks",
		"Over time",
		"Percentiles of the response time",
		"Load by phase",
		"Faults and recovery",
		"Alerts",
		"Metrics",
		"At scale",
		"How to run it again",
		"Environment",
	]);
	t.ok(html.indexOf("<h1>") < html.indexOf("<h2>"));
	const text = textOf(html);
	const rows: [said: string, why: string][] = [
		["✓ Passed Its one check holds.", "the verdict, in words"],
		["retry-storm, size small, seed 7. 2026-01-01 10:00:00 UTC, took 9 s.", "what was run"],
		["Does it answer?", "the question"],
		["✓ holds exactly-once correctness of 540 accepted orders 0 are lost", "a check"],
		["{lost: 0} {lost: 0, ratio: 0.12346}", "expected and actual"],
		["3.50 s injection to steady state", "a number that is asked for first"],
		["faulting 1234/s 1 234 1 230 1 3 0", "a load by phase"],
		["≥ 400 ms", "a censored percentile is a lower bound"],
		["try_timeout 3, gone 1", "errors by their code, the most frequent first"],
		["timeout on db 4.00 s 2.01 s 205 ms 1.00 s 32 ms 3.50 s 1.99 s", "how the fault went"],
		["no answer in 202 ms", "what the probes saw"],
		["orders-not-accepted 5.00 s 7.00 s", "an alert"],
		["rows_ lost_ count 0 lower the same everywhere", "a metric"],
		["what breaks first the link", "the at-scale note"],
		["A Processor, 2 cores memory 8 GiB", "the environment"],
	];
	for (const [said, why] of rows) {
		t.ok(text.includes(said), `${why}: ${said}`);
	}
	t.notMatch(html, /https?:|<script|undefined|NaN|\[object/);
	t.end();
});

t.test("text from a scenario stays text wherever it is shown", (t) => {
	const evil = `<script src="//x"></script>`;
	const report = fullReport({
		reasons: [{ code: "check_failed", message: evil }],
		about: {
			title: evil,
			question: evil,
			atScale: { growth: evil, breaksFirst: evil, replacement: evil },
		},
		changed: { note: evil },
		environment: { fingerprint: evil, cpu: evil, cores: 1, memoryBytes: 1, kernel: evil },
		faults: [fault({ kind: evil, on: evil, seen: [evil], params: { [evil]: evil } })],
	});
	report.document.checks[0]!.message = evil;
	report.document.checks[0]!.actual = { [evil]: evil };
	report.document.alerts[0]!.rule = evil;
	report.document.loads.at(-1)!.errors = { [evil]: 1 };
	const html = pageOf(report);
	t.notMatch(html, /<script/);
	t.ok(html.split("&#60;script").length > 12, "and is there");
	t.end();
});

t.test("the verdict is said in words, with its reasons", (t) => {
	const rows: [given: Partial<RunDocument>, said: RegExp, why: string][] = [
		[
			{
				verdict: "failed",
				expect: "failed",
				asExpected: true,
				reasons: [{ code: "check_failed", message: "2 lost" }],
			},
			/✗ Failed, as expected .*twin must fail.* 2 lost/,
			"a twin",
		],
		[
			{
				verdict: "failed",
				asExpected: false,
				reasons: [{ code: "check_failed", message: "2 lost" }],
			},
			/✗ Failed 2 lost/,
			"a failure",
		],
		[
			{ verdict: "passed", expect: "failed", asExpected: false },
			/✓ Passed, and should have failed/,
			"a twin that should not pass",
		],
		[
			{ verdict: "invalid", reasons: [{ code: "host_paused", message: "it slept" }] },
			/! Invalid This run says nothing .* it slept/,
			"invalid",
		],
		[
			{ verdict: "invalid", state: "crashed", checks: [], counts: "bounded" },
			/No check was reached. The run was cut off before its end. .*counts are bounds/,
			"a crash",
		],
		[{ verdict: "invalid", state: "aborted" }, /The run was stopped before its end/, "stopped"],
		[{ verdict: null, asExpected: null, state: "steady" }, /Not over: steady/, "under way"],
	];
	for (const [given, said, why] of rows) t.match(textOf(withDocument(given)), said, why);
	t.end();
});

t.test(
	"a check that failed stands before those that hold, one that threw or can't be told between",
	(t) => {
		const { document } = fullReport();
		const check = document.checks[0]!;
		const checks = [
			check,
			{ ...check, id: "threw", ...ended("threw") },
			{ ...check, id: "open", ...ended("cannot_tell") },
			{ ...check, id: "failed", ...ended("failed") },
		];
		const text = textOf(withDocument({ checks }));
		t.match(text, /✗ fails failed .*! threw threw .*! can't tell open .*✓ holds exactly-once/);
		t.match(text, "1 of 4 checks holds.");
		t.end();
	},
);

t.test("a run without faults has no section of them, and a chart without their windows", (t) => {
	const html = withDocument({ faults: [], alerts: [] });
	t.notOk(headings(html).some((name) => name === "Faults and recovery" || name === "Alerts"));
	t.ok(headings(html).includes("Over time"));
	t.notMatch(html, /fill="var\(--band\)"|class="fault"/);
	t.end();
});

t.test("a run that ended before anything was seen has a page all the same", (t) => {
	const queued = pageOf({
		document: runDocument({ state: "aborted", verdict: "invalid" }),
		intervals: [],
		charts: [],
		keptPages: [],
		others: [],
	});
	t.same(headings(queued), ["At scale", "How to run it again", "Environment"]);
	t.match(textOf(queued), "It was never started.");
	t.notMatch(queued, /NaN|Infinity|undefined/);
	const { document } = fullReport();
	const mute = pageOf({ document, intervals: [], charts: [], keptPages: [], others: [] });
	t.notOk(headings(mute).includes("Over time"));
	t.notMatch(mute, /NaN|Infinity|undefined/);
	t.end();
});

t.test("a sweep has a table of its cases, then a part for each", (t) => {
	const a = fullReport({}, "key-1k");
	const b = fullReport({}, "key-10k");
	Object.assign(b.document.checks[0]!, ended("failed"));
	const document = structuredClone(a.document);
	for (const part of ["phases", "faults", "loads", "metrics", "checks", "alerts"] as const) {
		(document[part] as unknown[]).push(...b.document[part]);
	}
	const html = pageOf({
		document,
		intervals: [...a.intervals, ...b.intervals],
		charts: [],
		keptPages: [],
		others: [],
	});
	const names = headings(html);
	t.same(names.slice(0, 3), ["Cases", "Case key-1k", "Checks"]);
	t.ok(names.indexOf("Case key-10k") > names.indexOf("Metrics"));
	t.equal(names.filter((name) => name === "Over time").length, 2);
	t.equal(names.filter((name) => name === "Environment").length, 1);
	const text = textOf(html);
	t.match(text, /key-1k ✓ all hold 24\.\d ms ≥ 400 ms 3\.50 s/);
	t.match(text, /key-10k ✗ not held: exactly-once/);
	t.match(html, 'href="#case-key-10k"');
	t.end();
});

t.test("what is told of all cases together comes before them, with its charts", (t) => {
	const axes = { x: { label: "rows" }, y: { label: "ms" } };
	const chart = (id: string, caseId: string | null, problem: string | null = null) => ({
		id,
		case: caseId,
		title: `chart ${id}`,
		...axes,
		problem,
		series: [{ label: "read", points: [[1, 2] as const, [3, 4] as const] }],
	});
	const report = {
		...fullReport({}, "few"),
		charts: [chart("growth", null), chart("lag", "few"), chart("odd", "few", "it threw: why")],
	};
	report.document.checks.push({ ...report.document.checks[0]!, id: "linear", case: null });
	const html = pageOf(report);
	const names = headings(html);
	t.same(names.slice(0, 4), ["Cases", "All cases", "Checks", "Charts of the scenario"]);
	t.ok(names.indexOf("Case few") > names.indexOf("All cases"));
	const text = textOf(html);
	t.match(text, /chart growth read Up: ms\. Across: rows\..*Case few.*chart lag/);
	t.match(text, "chart odd It could not be drawn: it threw: why.");
	const single = pageOf({ ...fullReport(), charts: [chart("lag", null)] });
	t.notOk(headings(single).includes("All cases"), "a run without cases is its own only case");
	t.match(textOf(single), "chart lag");
	t.end();
});

t.test("an exploration says what it tried and what it found", (t) => {
	const spec = { kind: "timeout" as const, on: "db", params: {}, fromMs: 0, toMs: 500 };
	const trial = {
		faults: [spec],
		outcome: "failed" as const,
		failed: ["exactly-once"],
		invalid: null,
		tookMs: 900,
	};
	const exploration = {
		seed: 4,
		budgetMs: 60_000,
		tookMs: 8_000,
		trials: [trial],
		flaky: [],
		found: [spec],
		confirmed: 3,
	};
	const text = textOf(withDocument({ exploration }));
	t.match(
		text,
		/1 timeline tried in 8\.00 s; the smallest .* in 3 of 3 more tries: timeout on db from 0 ms to 500 ms/,
	);
	t.match(text, "faultline explore");
	t.end();
});

t.test("the command runs the same thing again, and survives a shell", (t) => {
	const { document } = fullReport();
	t.equal(
		commandOf(document),
		`faultline run '/home/me/mine'\\''s.scenario.ts' --seed 7 --size small -p ratePerSec=50 -p 'note=a b'`,
	);
	const own = new URL(
		"../../../scenarios/failing/retry-storm/retry-storm.scenario.ts",
		import.meta.url,
	);
	const twin = { ...document, file: own.pathname, changed: {}, size: "default" as const };
	t.equal(
		commandOf({ ...twin, params: { ...document.params, guard: "off" } }),
		"faultline run retry-storm --seed 7 --guard off",
	);
	t.match(commandOf({ ...twin, allowDestructive: true }), /retry-storm .*--allow-destructive$/);
	t.end();
});

t.test("a fault is detected by the first alert after it, and not by the next fault's", (t) => {
	const report = fullReport();
	const first = fault();
	const second = fault({ injectedMs: 6_500 });
	report.document.faults = [first, second];
	const fired = (...firedMs: number[]) => {
		report.document.alerts[0]!.firedMs = firedMs;
		return [detectedMs(first, report), detectedMs(second, report)];
	};
	t.same(fired(3_000, 5_003, 5_900), [5_003, null], "not by one that fired before it");
	t.same(fired(7_000), [null, 7_000]);
	t.same(fired(), [null, null]);
	t.end();
});

t.test("a load has drained when no operation waits any more", (t) => {
	const report = fullReport();
	t.equal(drainedMs(fault(), report), 8_000, "the interval from 6 s still had some");
	for (const { view } of report.intervals) view.waiting = 0;
	t.equal(drainedMs(fault(), report), null, "none had to wait");
	for (const { view } of report.intervals) view.waiting = 1;
	t.equal(drainedMs(fault(), report), null, "it never did");
	t.end();
});

t.test("a rule's score is shown, once there is one", (t) => {
	const report = fullReport();
	t.notMatch(textOf(pageOf(report)), "right when it fires");
	const score = {
		precision: 1,
		recall: 0.5,
		timeToDetectMs: 1_040,
		timeToResolveMs: 900,
		resolveCensored: true,
	};
	Object.assign(report.document.alerts[0]!, { score });
	const text = textOf(pageOf(report));
	t.match(text, "faults it told");
	t.match(text, "orders-not-accepted 5.00 s 7.00 s 100 % 50 % 1.04 s ≥ 900 ms");
	t.end();
});

t.test("another run's percentiles are drawn beside its own, with their bounds", (t) => {
	const points = [50, 90, 99].map((percentile) => ({
		percentile,
		us: 9_000,
		lowUs: 8_000,
		highUs: 11_000,
	}));
	const other = { label: "baseline", load: "orders", case: null, points };
	const html = pageOf({ ...fullReport(), others: [other] });
	t.match(textOf(html), "recovering baseline");
	const strokes = html.match(/<path [^>]*stroke="var\(--purple\)"/g)?.length ?? 0;
	t.equal(strokes, 3 * 2, "the curve and its bounds, in both widths");
	t.end();
});

t.test("pages that were kept are led to, beside the report", (t) => {
	const keptPages = [
		{ name: "data-docs", file: "index.html", count: 3 },
		{ name: "one", file: "batch-7.html", count: 1 },
	];
	const html = pageOf({ ...fullReport(), keptPages });
	t.match(html, '<a href="files/data-docs/index.html">data-docs</a>, 3 pages<');
	t.match(html, '<a href="files/one/batch-7.html">one</a>, 1 page<');
	t.notOk(headings(pageOf(fullReport())).includes("Pages that were kept"), "nor is nothing");
	t.end();
});
