import t from "tap";
import type { Judgement } from "../../../scenarios/contract/judgement.ts";
import { judgementProblems } from "../../../scenarios/contract/judgement-problems.ts";

const judge = () => ({ ok: true, over: 1, expected: 1, actual: 1, message: "as it should be" });
const metric = {
	unit: "ms",
	direction: "lower",
	portability: "machine",
	measure: () => 1,
} as const;
const whole = {
	checks: { rows: { kind: "correctness", judge }, quick: { kind: "performance", judge } },
	metrics: { p99: metric },
} as const;

t.test("checks and metrics that are whole have no problems, and neither has nobody", (t) => {
	t.same(judgementProblems(whole), []);
	t.same(judgementProblems({}), []);
	t.end();
});

t.test("what a file says without a compiler, and can't be, is told in a sentence each", (t) => {
	const rows: [said: object, problem: string][] = [
		[
			{ checks: { rows: { kind: "correctnes", judge } } },
			'check "rows" has kind "correctnes"; it is "correctness" or "performance"',
		],
		[
			{ checks: { rows: { judge } } },
			'check "rows" has kind undefined; it is "correctness" or "performance"',
		],
		[
			{ checks: { rows: { kind: "correctness", shapedBy: "time", judge } } },
			'check "rows" has shapedBy "time"; it is "timing" or left out',
		],
		[
			{ checks: { rows: { kind: "correctness" } } },
			'check "rows" has no function judge(facts), which says whether it holds',
		],
		[
			{ metrics: { p99: { ...metric, direction: "down" } } },
			'metric "p99" has direction "down"; it is "lower" or "higher"',
		],
		[
			{ metrics: { p99: { ...metric, portability: undefined } } },
			'metric "p99" has portability undefined; it is "exact" or "bounded" or "machine"',
		],
		[
			{ metrics: { p99: { ...metric, measure: 3 } } },
			'metric "p99" has no function measure(facts), which gives its value',
		],
	];
	for (const [said, problem] of rows)
		t.same(judgementProblems(said as Judgement<never>), [problem]);
	t.same(judgementProblems({ ...rows[0]![0], ...rows[4]![0] } as Judgement<never>).length, 2);
	t.end();
});
