import t from "tap";
import {
	changedPlans,
	findings,
	type RecordedPlans,
	recordedPlans,
	withPlansOf,
} from "../../../../scenarios/databases/window-queries/plans.ts";
import { readQueries } from "../../../../scenarios/databases/window-queries/query-file.ts";
import type { Work } from "../../../../scenarios/databases/window-queries/work.ts";

const work = (query: string, rows: number, shape: string): Work => ({
	query,
	rows,
	shape,
	clock: "processor" as const,
	timesMs: [1],
	spilledBytes: 0,
});
const recorded: RecordedPlans = {
	postgres: 18,
	shapes: { churn: { 1000: ["Seq Scan", "Sort"], 10000: ["Index Scan"] } },
};

t.test("a plan has changed where the recorded one of its size is another", (t) => {
	const changed = (...list: Work[]) => changedPlans(recorded, 18, list);
	t.same(changed(work("churn", 1_000, "Seq Scan")), []);
	t.same(changed(work("churn", 1_000, "Sort")), [], "one of two that are known");
	t.same(changed(work("churn", 1_000, "Index Scan")), [
		{ query: "churn", rows: 1_000, was: ["Seq Scan", "Sort"], is: "Index Scan" },
	]);
	t.same(changed(work("churn", 1_000, "Seq Scan"), work("top-n", 1_000, "Sort")), []);
	t.equal(changed(work("top-n", 1_000, "Sort")), null, "none of these is recorded");
	t.equal(changedPlans(recorded, 19, [work("churn", 1_000, "Sort")]), null, "another version");
	t.end();
});

t.test("a finding says which query, on how many rows, what it was and what it is", (t) => {
	const list = [work("churn", 1_000, "Index Scan"), work("churn", 10_000, "Index Scan")];
	t.same(findings(recorded, 18, list), [
		"a plan has changed: churn at 1000 rows was Seq Scan or Sort, is Index Scan",
	]);
	t.same(findings(recorded, 18, list.slice(1)), [], "nothing is found");
	t.same(findings(recorded, 19, list), ["no plans of Postgres 19 are recorded for these sizes"]);
	t.end();
});

t.test("plans that are accepted take the place of those of their size alone", (t) => {
	const seen = [
		work("churn", 1_000, "Sort"),
		work("churn", 1_000, "Hash"),
		work("churn", 1_000, "Sort"),
		work("top-n", 1_000, "Sort"),
	];
	const shapes = { churn: { 1000: ["Hash", "Sort"] }, "top-n": { 1000: ["Sort"] } };
	t.same(withPlansOf(recorded, 18, seen), {
		postgres: 18,
		shapes: { ...shapes, churn: { ...shapes.churn, 10000: ["Index Scan"] } },
	});
	t.same(withPlansOf(recorded, 19, seen), { postgres: 19, shapes }, "another version's are gone");
	t.end();
});

t.test("what is recorded has every query at every size of all three sizes of a run", (t) => {
	const tables = [1_000, 10_000, 100_000, 1_000_000];
	const sizes = tables
		.flatMap((rows) => [rows / 4, rows])
		.filter((rows) => rows >= 1_000)
		.map(String);
	for (const { id } of readQueries(
		new URL("../../../../scenarios/databases/window-queries/queries/", import.meta.url),
	))
		t.same(Object.keys(recordedPlans.shapes[id] ?? {}), sizes, id);
	t.end();
});
