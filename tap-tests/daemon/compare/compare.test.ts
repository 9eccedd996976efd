import { appendFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { acceptRuns } from "../../../daemon/compare/accept.ts";
import { type ComparedMetric, exitCodeOf, overall } from "../../../daemon/compare/document.ts";
import { marginLogOf } from "../../../daemon/compare/machine.ts";
import {
	appendNight,
	nightRecordOf,
	nightsOf,
	readNights,
} from "../../../daemon/compare/nights.ts";
import { comparisonAsText } from "../../../daemon/compare/text.ts";
import { bodyMarginLog, tailMarginLog } from "../../../daemon/compare/verdict.ts";
import { compareWithBaseline } from "../../../daemon/compare/with-baseline.ts";
import { compareWithRun } from "../../../daemon/compare/with-run.ts";
import { accepting, doneRun, fiveSeeds } from "./accepted.ts";

const { baseline } = acceptRuns(null, fiveSeeds, accepting);
const id = (n: number) => ({ runId: `20260201T00000${n}Z-echo-0001` });
const outcomes = ({ metrics }: { metrics: ComparedMetric[] }) =>
	Object.fromEntries(metrics.map(({ name, outcome }) => [name, outcome]));

t.test("a run like the accepted ones is the same, whatever its latency, on any machine", (t) => {
	const run = doneRun({ seed: 2, p50Us: 99_000 }, id(1));
	const comparison = compareWithBaseline(run, baseline);
	t.equal(comparison.outcome, "same");
	t.equal(exitCodeOf(comparison), 0);
	t.same(outcomes(comparison), {
		rows_lost_count: "same",
		retry_amplification: "same",
		orders_steady_response_p50_us: "cannot_tell",
	});
	t.match(comparison.metrics[2], {
		value: 99_000,
		against: 10_000,
		why: /^0 of 10 nights on this machine: 10 more would tell/,
		effect: { worsePct: /^8(89\.99|90)/, lowPct: null },
	});
	t.same([comparison.notes, comparison.sameMachine, comparison.sameScenario], [[], true, true]);
	t.end();
});

t.test("the document has the parts that its readers know", (t) => {
	const comparison = compareWithBaseline(doneRun({}, id(1)), baseline);
	t.same(Object.keys(comparison).sort(), [
		"against",
		"asExpected",
		"metrics",
		"notes",
		"outcome",
		"repeats",
		"runId",
		"sameMachine",
		"sameScenario",
		"scenario",
		"schema",
		"verdict",
	]);
	t.same(comparison.against, {
		kind: "baseline",
		key: "size=default guard=on",
		seeds: [1, 2, 3, 4, 5],
	});
	t.same(Object.keys(comparison.metrics[0]!).sort(), [
		"against",
		"case",
		"direction",
		"effect",
		"name",
		"outcome",
		"portability",
		"range",
		"suspected",
		"unit",
		"value",
		"why",
	]);
	t.end();
});

t.test("one lost row is a regression, in a run of the same seed", (t) => {
	const comparison = compareWithBaseline(doneRun({ seed: 2, lost: 1 }, id(1)), baseline);
	t.match(comparison, {
		outcome: "regressed",
		metrics: [{ outcome: "regressed", value: 1, against: 0 }],
	});
	t.equal(exitCodeOf(comparison), 11);
	const strange = compareWithBaseline(doneRun({ seed: 9, lost: 1 }, id(1)), baseline);
	t.match(strange.metrics[0], { outcome: "cannot_tell", why: /seeds 1, 2, 3, 4, 5, not 9/ });
	t.equal(strange.outcome, "cannot_tell");
	t.end();
});

t.test("amplification beyond the seeds' range is suspected, and confirmed by two repeats", (t) => {
	const run = doneRun({ seed: 1, amplification: 3 }, id(1));
	const alone = compareWithBaseline(run, baseline);
	t.match(alone.metrics[1], { outcome: "cannot_tell", suspected: true });
	t.equal(exitCodeOf(alone), 0);
	t.match(
		comparisonAsText(alone),
		/retry_amplification +suspected +3 +1\.01 … 1\.05 .*run it again twice/,
	);
	const repeats = [2, 3].map((n) => doneRun({ seed: 1, amplification: 2.9 }, id(n)));
	const sure = compareWithBaseline(run, baseline, { repeats, nights: [] });
	t.match(sure, { outcome: "regressed", repeats: repeats.map(({ runId }) => runId) });
	const twice = [repeats[0]!, repeats[0]!];
	t.throws(() => compareWithBaseline(run, baseline, { repeats: twice, nights: [] }), {
		code: "FLT_CONFLICT",
		message: /does not repeat/,
	});
	const mild = compareWithBaseline(run, baseline, { repeats: [doneRun({}, id(2))], nights: [] });
	t.equal(mild.metrics[1]?.outcome, "same");
	for (const wrong of [
		run,
		doneRun({ seed: 2 }, id(4)),
		doneRun({}, { ...id(4), scenarioHash: "x" }),
	])
		t.throws(() => compareWithBaseline(run, baseline, { repeats: [wrong], nights: [] }), {
			code: "FLT_CONFLICT",
			message: /does not repeat/,
		});
	t.end();
});

t.test("a metric that has vanished is missing, a new one can't be told", (t) => {
	const run = doneRun({}, id(1));
	const [lost, ...rest] = run.metrics;
	const fresh = { ...lost!, name: "rows_late_count" };
	const comparison = compareWithBaseline({ ...run, metrics: [...rest, fresh] }, baseline);
	t.match(outcomes(comparison), { rows_lost_count: "missing", rows_late_count: "cannot_tell" });
	t.equal(comparison.outcome, "missing");
	t.equal(exitCodeOf(comparison), 12, "a metric that has vanished hides what it would have said");
	const empty = { ...run, metrics: [{ ...lost!, value: null }, ...rest] };
	t.match(compareWithBaseline(empty, baseline).metrics[0], { outcome: "missing", value: null });
	t.end();
});

t.test("a changed scenario and another machine are said first", (t) => {
	const environment = { ...doneRun().environment, fingerprint: "g", cpu: "fast" };
	const run = doneRun({}, { ...id(1), scenarioHash: "h2", environment });
	const comparison = compareWithBaseline(run, baseline);
	t.match(comparison, { sameMachine: false, sameScenario: false });
	t.match(comparison.notes, [
		/scenario has changed/,
		/^another machine or Node: 2 × fast, k, Node unknown; then 2 × c, k, Node unknown$/,
	]);
	t.match(comparisonAsText(comparison), /^echo .* against baseline .*: same\nnote: the scenario/);
	t.end();
});

t.test("no entry for a key, no metrics: nothing to compare", (t) => {
	t.throws(() => compareWithBaseline(doneRun({}, { size: "large" }), baseline), {
		code: "FLT_NOT_FOUND",
		message: /size=large/,
		hint: /it has: size=default guard=on/,
	});
	t.throws(() => compareWithBaseline(doneRun({}, { metrics: [], state: "crashed" }), baseline), {
		code: "FLT_CONFLICT",
		message: /is crashed and has no metrics/,
	});
	t.end();
});

t.test(
	"the run's own failure comes before the regression, and that before its being invalid",
	(t) => {
		const of = (verdict: "passed" | "failed" | "invalid", lost: number) =>
			exitCodeOf(compareWithBaseline(doneRun({ lost }, { ...id(1), verdict }), baseline));
		t.equal(of("failed", 1), 10);
		t.equal(of("failed", 0), 10);
		t.equal(of("invalid", 1), 11);
		t.equal(of("invalid", 0), 12);
		t.end();
	},
);

t.test(
	"two runs: exact metrics of one key are judged, for the rest it says what would tell",
	(t) => {
		const [then, now] = [doneRun({}, id(1)), doneRun({ lost: 2, amplification: 9 }, id(2))];
		const comparison = compareWithRun(now, then);
		t.same(outcomes(comparison), {
			rows_lost_count: "regressed",
			retry_amplification: "cannot_tell",
			orders_steady_response_p50_us: "cannot_tell",
		});
		t.match(comparison.metrics[2]?.why, /duet of 5 to 20 pairs/);
		t.equal(
			compareWithRun(then, now).outcome,
			"cannot_tell",
			"exchanged it has improved, as far as it tells",
		);
		const strange = compareWithRun(doneRun({ seed: 3, lost: 2 }, id(3)), then);
		t.match(strange.metrics[0], { outcome: "cannot_tell", why: /differ in seed/ });
		t.match(strange.notes, [/not of one key/]);
		t.throws(() => compareWithRun(now, doneRun({}, { scenario: "b" })), { code: "FLT_CONFLICT" });
		t.end();
	},
);

t.test("what can't be told on a strange machine does not hide what can", (t) => {
	const metric = (outcome: ComparedMetric["outcome"], portability: ComparedMetric["portability"]) =>
		({ outcome, portability }) as ComparedMetric;
	t.equal(overall([metric("same", "exact"), metric("cannot_tell", "machine")]), "same");
	t.equal(overall([metric("improved", "exact"), metric("missing", "machine")]), "improved");
	t.equal(overall([metric("same", "exact"), metric("regressed", "machine")]), "regressed");
	t.equal(overall([metric("same", "exact"), metric("cannot_tell", "bounded")]), "cannot_tell");
	t.equal(overall([metric("cannot_tell", "machine")]), "cannot_tell");
	t.equal(overall([]), "cannot_tell");
	t.end();
});

t.test("ten nights of this machine judge latency; one night is one value", (t) => {
	const folder = t.testdir();
	const night = (n: number, p50Us: number) =>
		nightRecordOf(doneRun({ p50Us }, { runId: `n${n}` }), `2026-01-${10 + n}`);
	for (let n = 0; n < 10; n++) {
		appendNight(folder, "echo", night(n, n % 2 === 0 ? 10_100 : 9_900));
	}
	appendFileSync(join(folder, "echo.ndjson"), '{"torn":\n');
	const nights = readNights(folder, "echo");
	t.equal(nights.length, 10);
	const judged = (run: ReturnType<typeof doneRun>, records = nights) =>
		compareWithBaseline(run, baseline, { repeats: [], nights: records }).metrics[2];
	t.match(judged(doneRun({ p50Us: 13_000 }, id(1))), {
		outcome: "regressed",
		effect: { worsePct: /^30\./, lowPct: /^2\d/ },
		why: /^\+30\.\d% \[\+2\d\.\d, \+3\d\.\d\] against the mean of 10 nights, positive is worse$/,
	});
	t.equal(judged(doneRun({ p50Us: 10_000 }, id(1)))?.outcome, "same");
	t.match(judged(doneRun({ p50Us: 13_000 }, id(1)), nights.slice(1)), {
		outcome: "cannot_tell",
		why: /^9 of 10 nights on this machine: 1 more/,
	});
	const twice = [...nights.slice(1), night(5, 10_000)];
	t.match(judged(doneRun({ p50Us: 13_000 }, id(1)), twice)?.why, /^9 of 10/, "two runs, one night");
	t.match(
		judged(doneRun({ p50Us: 13_000 }, { runId: "n3" }))?.why,
		/^9 of 10/,
		"not against itself",
	);
	const other = nights.map((record) => ({ ...record, fingerprint: "g" }));
	t.match(judged(doneRun({}, id(1)), other)?.why, /^0 of 10/, "another machine's");
	t.same(nightsOf(nights, doneRun({}, { size: "small" }), "orders_steady_response_p50_us"), []);
	const censored = doneRun({}, id(1));
	censored.metrics[2]!.censored = true;
	t.match(judged(censored), { outcome: "cannot_tell", why: /at least/ });
	t.same(readNights(folder, "nobody"), []);
	t.end();
});

t.test("tails and recoveries may move by 10 %, bodies and throughput by 5 %", (t) => {
	const rows: [name: string, unit: "us" | "ms" | "per_sec", margin: number][] = [
		["orders_steady_response_p50_us", "us", bodyMarginLog],
		["orders_steady_achieved_per_sec", "per_sec", bodyMarginLog],
		["orders_steady_response_p99_us", "us", tailMarginLog],
		["mttr_ms", "ms", tailMarginLog],
	];
	for (const [name, unit, margin] of rows) t.equal(marginLogOf({ name, unit }), margin, name);
	t.end();
});

t.test("by how much a naive twin fails is timing's, and no regression", (t) => {
	const twin = { params: { seed: 1, size: "default", guard: "off" }, expect: "failed" } as const;
	const accepted = doneRun({ seed: 1, lost: 3 }, { ...id(1), ...twin, verdict: "failed" });
	const later = doneRun({ seed: 1, lost: 5 }, { ...id(2), ...twin, verdict: "failed" });
	const { baseline } = acceptRuns(null, [accepted], accepting);
	const comparison = compareWithBaseline(later, baseline);
	t.equal(outcomes(comparison).rows_lost_count, "cannot_tell");
	t.match(comparison.metrics[0], { why: "the run must fail, and by how much is timing's" });
	t.end();
});

t.test("of a run that failed its checks are named before its numbers", (t) => {
	const message = "exactly-once: of 540 accepted orders 3 are lost";
	const reasons = [{ code: "check_failed" as const, message }];
	const failed = doneRun({}, { ...id(1), verdict: "failed", asExpected: false, reasons });
	const comparison = compareWithBaseline(failed, baseline);
	t.same(comparison.notes, [`the run failed: ${message}`]);
	t.match(comparisonAsText(comparison), `note: the run failed: ${message}`);
	t.end();
});
