import t from "tap";
import { countsOf, type Line, originsOf, tableOf } from "./table.ts";

const line = (given: Partial<Line> = {}): Line => ({
	noise: "idle",
	scenario: "storm",
	guard: "on",
	seed: 1,
	commit: "c",
	machine: "m",
	expect: "passed",
	before: [],
	verdict: "passed",
	codes: [],
	tookMs: 5_000,
	...given,
});

t.test("a run is right at its first try, at its last, invalid, or wrong", async (t) => {
	const lines = [
		line(),
		line({ before: ["generator_late"] }),
		line({ verdict: "invalid" }),
		line({ verdict: null }),
		line({ verdict: "failed" }),
		line({ guard: "off", expect: "failed", verdict: "failed" }),
		line({ guard: "off", expect: "failed", verdict: "passed" }),
	];
	t.same(countsOf(lines), { count: 7, first: 2, right: 3, invalid: 2, wrong: 2 });
});

t.test(
	"the table has a row for all, then one a scenario, for each noise that was made",
	async (t) => {
		const lines = [line(), line({ scenario: "late", verdict: "invalid" })];
		t.equal(
			tableOf(lines, ["idle", "bursts"]),
			`| noise | scenario | runs | right at the first try | right at the last | invalid | wrong |
|---|---|---|---|---|---|---|
| idle | **all** | 2 | 1: 50 % [9.5, 90.5] | 1: 50 % [9.5, 90.5] | 1 | 0 |
|  | late | 1 | 0: 0 % [0, 79.3] | 0: 0 % [0, 79.3] | 1 | 0 |
|  | storm | 1 | 1: 100 % [20.7, 100] | 1: 100 % [20.7, 100] | 0 | 0 |
`,
		);
	},
);

t.test("each machine is named once, with the commits whose code said it there", async (t) => {
	const lines = [
		line(),
		line({ commit: "d" }),
		line({ machine: "another" }),
		line({ machine: "another" }),
	];
	t.equal(originsOf(lines), "m: c, d; another: c");
});
