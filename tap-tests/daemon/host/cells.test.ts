import t from "tap";
import { cellsOf, conclusionsOf } from "../../../daemon/host/cells.ts";
import { doneRun } from "../compare/accepted.ts";

const run = doneRun({ lost: 3, amplification: null });
const [lost] = run.metrics;

t.test("a metric is found by its name, or by case and name, with its unit", (t) => {
	const sweep = { ...run, metrics: [...run.metrics, { ...lost!, case: "key-1k", value: 7 }] };
	const values = { a: "rows_lost_count", b: "key-1k/rows_lost_count", c: "retry_amplification" };
	t.same(cellsOf({ values }, sweep), [
		{ value: 3, unit: "count", error: null },
		{ value: 7, unit: "count", error: null },
		{ value: null, unit: "ratio", error: null },
	]);
	t.same(
		cellsOf({ values: { a: "mttd_ms" } }, run),
		[{ value: null, unit: null, error: null }],
		"another scenario of the suite may have it",
	);
	t.end();
});

t.test("a lower bound is not to be taken for the value", (t) => {
	const censored = {
		...lost!,
		name: "mttr_ms",
		unit: "ms" as const,
		value: 3000.123,
		censored: true,
	};
	t.match(cellsOf({ values: { a: "mttr_ms" } }, { ...run, metrics: [censored] }), [
		{ value: "≥ 3000", unit: "ms" },
	]);
	t.end();
});

t.test(
	"a function gives text, a number or null; one that fails keeps none from the others",
	(t) => {
		const values = {
			ended: ({ verdict }: typeof run) => verdict,
			took: () => 12.5,
			none: () => null,
			throws: () => {
				throw new Error("no such load");
			},
			nothing: () => undefined as unknown as null,
			endless: () => Number.POSITIVE_INFINITY,
			last: () => "well",
		};
		const cells = cellsOf({ values: values as never }, run);
		t.same(
			cells.map(({ value }) => value),
			["passed", 12.5, null, null, null, null, "well"],
		);
		t.same(
			cells.map(({ error }) => error),
			[
				null,
				null,
				null,
				"no such load",
				"it gave neither text, number nor null, but undefined",
				"it gave neither text, number nor null, but Infinity",
				null,
			],
		);
		t.end();
	},
);

t.test("what follows from all runs is told in lines; a function that fails says so", (t) => {
	const lines = (runs: readonly unknown[]) => [`${runs.length} runs`];
	t.same(conclusionsOf({ conclusions: lines }, [run, run]), ["2 runs"]);
	t.same(conclusionsOf({}, [run]), []);
	const fails = () => {
		throw new Error("no such run");
	};
	t.same(conclusionsOf({ conclusions: fails }, [run]), ["nothing was concluded: no such run"]);
	t.same(conclusionsOf({ conclusions: (() => "text") as never }, [run]), [
		"nothing was concluded: it gave no list of lines",
	]);
	t.end();
});
