import t from "tap";
import { headlineOf, type NightlyResult } from "../../../daemon/nightly/document.ts";
import { isSuspected, judgeNight, judgeRun } from "../../../daemon/nightly/judge.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { verdictOf } from "../../../daemon/summary/outcome.ts";
import { doneRun } from "../compare/accepted.ts";
import {
	baseline,
	clean,
	nights,
	restless,
	resultsOf,
	slower,
	tonight,
	twin,
	unplayed,
	unrun,
	withLoss,
	worse,
} from "./night.ts";

const more = (given: Partial<RunDocument>) => ({ ...tonight, ...given });

t.test("a night like the others is as expected, the twin that fails included", (t) => {
	const { results, ...night } = clean();
	t.match(night, { outcome: "as_expected", exitCode: 0, headline: /^all 2 as expected/ });
	t.same(
		results.map(({ guard, outcome }) => [guard, outcome]),
		[
			["on", "as_expected"],
			["off", "as_expected"],
		],
	);
	t.match(results[0]?.metrics, [{ outcome: "same" }, { outcome: "same" }, { outcome: "same" }]);
	t.end();
});

t.test("one lost row more than the baseline has is a regression", (t) => {
	t.match(withLoss(), {
		outcome: "regressed",
		exitCode: 11,
		headline: /^1 regressed \(echo\); 1 of 2 as/,
		results: [{ outcome: "regressed", why: /^rows_lost_count: it was 0 and is 1/ }, {}],
	});
	t.end();
});

t.test(
	"30 % slower than twelve nights is a regression; with nine of them it can't be told",
	(t) => {
		t.match(slower(), {
			outcome: "regressed",
			exitCode: 11,
			results: [{ why: /^orders_steady_response_p50_us: \+30\.\d% .* against the mean of 12/ }, {}],
		});
		const [result] = resultsOf([doneRun({ p50Us: 13_000 }, tonight)], { before: nights.slice(3) });
		t.match(result, { outcome: "as_expected" });
		t.match(result?.metrics[2], { outcome: "cannot_tell", why: /^9 of 10 nights/ });
		t.end();
	},
);

t.test("nights judge without a baseline too", (t) => {
	const [result] = resultsOf([doneRun({ p50Us: 13_000, lost: 5 }, tonight)], { against: null });
	t.match(result, { outcome: "regressed", baseline: null, notes: [/^no baseline/] });
	t.match(result?.metrics[0], { outcome: "cannot_tell", why: /no baseline/ });
	t.end();
});

t.test(
	"a night's metrics share one error rate: what chance does is told, and fails nothing",
	(t) => {
		// Beyond .01 by itself (t of 3 with 11 degrees of freedom), as one metric in a hundred is.
		const odd = doneRun({ p50Us: 10_340 }, tonight);
		t.equal(resultsOf([odd])[0]?.outcome, "regressed", "alone it counts");
		const others = Array.from({ length: 20 }, (_, n) => doneRun({}, { runId: `other-${n}` }));
		const [first] = resultsOf([odd, ...others]);
		t.match(first, { outcome: "as_expected" });
		t.match(first?.metrics[2], {
			outcome: "cannot_tell",
			suspected: true,
			why: /of 21 metrics .* chance has one/,
		});
		const results = resultsOf([odd, doneRun({ p50Us: 20_000 }, tonight), ...others]);
		t.equal(results[1]?.outcome, "regressed", "what is far beyond chance is found among many");
		t.end();
	},
);

t.test("timings of a run that did not end well, and of a naive twin, are not judged", (t) => {
	for (const [run, why] of [
		[doneRun({ p50Us: 90_000 }, more({ verdict: "invalid", asExpected: false })), /did not end/],
		[doneRun({ p50Us: 90_000 }, more({ verdict: "failed", asExpected: false })), /did not end/],
		[{ ...twin, metrics: doneRun({ p50Us: 90_000 }).metrics }, /naive twin/],
	] as const) {
		const judged = judgeRun(run, [], baseline, nights);
		t.equal(judged.history.size, 0);
		t.match(judged.metrics[2], { outcome: "cannot_tell", why });
	}
	t.end();
});

t.test("what is suspected is decided by two repeats; one that is well clears it", (t) => {
	const wild = (n: number) => doneRun({ amplification: 3 }, { runId: `20260201T03010${n}Z-echo` });
	const judge = (...repeats: RunDocument[]) => judgeRun(wild(0), repeats, baseline, nights);
	t.ok(isSuspected(judge()));
	t.ok(isSuspected(judge(wild(1))));
	t.notOk(isSuspected(judge(wild(1), wild(2))));
	t.match(judgeNight([judge(wild(1), wild(2))]).results, [
		{ outcome: "regressed", repeats: [/^20260201T030101/, /^20260201T030102/] },
	]);
	const cleared = judge(doneRun({}, { runId: "20260201T030109Z-echo" }));
	t.notOk(isSuspected(cleared));
	t.equal(judgeNight([cleared]).results[0]?.outcome, "as_expected");
	const crashed = doneRun({}, { runId: "x", metrics: [], state: "crashed", verdict: "failed" });
	t.ok(isSuspected(judge(crashed)), "a repeat that came to no end says nothing");
	t.end();
});

t.test("a run's own verdict comes first: not as expected, regressed, invalid", (t) => {
	const rows: [run: RunDocument, outcome: NightlyResult["outcome"], why: RegExp][] = [
		[
			doneRun({ lost: 1 }, more({ verdict: "failed", asExpected: false })),
			"not_as_expected",
			/it failed, and passed/,
		],
		[{ ...twin, verdict: "passed", asExpected: false }, "not_as_expected", /it passed, and failed/],
		[doneRun({ lost: 1 }, more({ verdict: "invalid", asExpected: false })), "regressed", /was 0/],
		[
			doneRun(
				{},
				more({
					verdict: "invalid",
					asExpected: false,
					reasons: [{ code: "host_paused", message: "it slept" }],
				}),
			),
			"invalid",
			/^the run is invalid: host_paused$/,
		],
		[
			doneRun({}, more({ verdict: null, state: "crashed", asExpected: null })),
			"invalid",
			/is crashed/,
		],
		[
			doneRun({ amplification: null }, tonight),
			"invalid",
			/has retry_amplification, the run has not/,
		],
	];
	for (const [run, outcome, why] of rows) {
		const [result] = resultsOf([run]);
		t.match(result, { outcome, why }, outcome);
	}
	t.end();
});

t.test("the exit code: 14 before 10 before 11 before 12 before 13", (t) => {
	const of = (outcome: NightlyResult["outcome"]): NightlyResult => ({
		...unrun,
		outcome,
		error: null,
	});
	const unhealed: NightlyResult = {
		...clean().results[0]!,
		run: { ...clean().results[0]!.run!, reasons: [{ code: "heal_failed", message: "stuck" }] },
	};
	const ok = of("as_expected");
	const rows: [
		results: NightlyResult[],
		duets: (typeof worse)[],
		stopped: string | null,
		code: number,
	][] = [
		[[ok], [restless, unplayed], null, 0],
		[[ok, unhealed, of("not_as_expected")], [], null, 14],
		[[ok, of("regressed"), of("not_as_expected"), of("invalid")], [], null, 10],
		[[ok, of("invalid"), of("regressed"), unrun], [], null, 11],
		[[ok], [worse], null, 11],
		[[ok, of("invalid"), unrun], [], null, 12],
		[[ok, of("not_run")], [], null, 12],
		[[ok, unrun, of("not_run")], [], null, 12],
		[[ok, unrun], [], null, 13],
		[[ok], [], "stopped by request", 12],
		[[of("regressed")], [], "stopped by request", 11],
		[[], [], null, 12],
	];
	for (const [results, duets, stopped, code] of rows)
		t.equal(
			verdictOf(results, duets, stopped).exitCode,
			code,
			`${code}: ${headlineOf(results, duets, stopped)}`,
		);
	t.end();
});
