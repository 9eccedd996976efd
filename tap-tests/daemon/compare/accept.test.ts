import { readFileSync } from "node:fs";
import t from "tap";
import { acceptRuns } from "../../../daemon/compare/accept.ts";
import { entryFor, keyOf, keyText, rangeOf } from "../../../daemon/compare/baseline.ts";
import { BaselineStore, openBaselines } from "../../../daemon/compare/baseline-store.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { accepting, doneRun, fiveSeeds } from "./accepted.ts";

const params = (given: Partial<RunDocument["params"]>) => ({
	...({ seed: 1, size: "default", guard: "on" } as const),
	...given,
});

t.test("a key is size, guard and changed parameters, in whatever order they were given", (t) => {
	const one = doneRun({}, { changed: { b: 2, a: "x" } });
	const other = doneRun({ seed: 9 }, { changed: { a: "x", b: 2 } });
	t.equal(keyText(keyOf(one)), "size=default guard=on a=x b=2");
	t.equal(keyText(keyOf(other)), keyText(keyOf(one)));
	t.not(
		keyText(keyOf(doneRun({}, { params: params({ guard: "off" }) }))),
		keyText(keyOf(doneRun())),
	);
	t.not(keyText(keyOf(doneRun({}, { size: "small" }))), keyText(keyOf(doneRun())));
	t.end();
});

t.test("bounded metrics are pooled over the seeds of a key, exact ones kept by seed", (t) => {
	const { baseline } = acceptRuns(null, fiveSeeds, accepting);
	const [entry] = baseline.entries;
	t.equal(baseline.entries.length, 1);
	const metric = (name: string) => entry!.metrics.find((known) => known.name === name);
	t.match(metric("retry_amplification"), {
		range: { min: 1.01, median: 1.03, max: 1.05, seeds: 5 },
		values: { 1: 1.01, 5: 1.05 },
	});
	t.match(metric("rows_lost_count"), { range: null, values: { 1: 0, 5: 0 } });
	t.same(
		entry!.runs.map(({ seed, reason }) => [seed, reason]),
		[1, 2, 3, 4, 5].map((s) => [s, "first"]),
	);
	t.end();
});

t.test("the document has the parts that its readers know", (t) => {
	const { baseline } = acceptRuns(null, fiveSeeds, accepting);
	const [entry] = baseline.entries;
	t.same(Object.keys(baseline), ["schema", "scenario", "entries"]);
	t.same(Object.keys(entry!), ["size", "guard", "changed", "metrics", "runs"]);
	t.same(Object.keys(entry!.metrics[0]!), [
		"name",
		"case",
		"unit",
		"direction",
		"portability",
		"range",
		"values",
	]);
	t.same(Object.keys(entry!.runs[0]!), [
		"seed",
		"runId",
		"reason",
		"acceptedAt",
		"scenarioHash",
		"versions",
		"environment",
		"loads",
	]);
	const run = doneRun({ amplification: 1.0123456789, lost: 12_345_678 });
	const [p50, amplification, lost] = acceptRuns(null, [run], accepting).baseline.entries[0]!
		.metrics;
	t.same(
		[p50, amplification, lost].map((metric) => metric?.values["1"]),
		[10_000, 1.01235, 12_345_678],
	);
	t.end();
});

t.test("a run takes the place of its seed alone, and what changed is said", (t) => {
	const { baseline } = acceptRuns(null, fiveSeeds, accepting);
	const again = doneRun(
		{ seed: 2, lost: 3, amplification: 1.2 },
		{ runId: "20260102T000000Z-echo-0002" },
	);
	const { baseline: after, changes } = acceptRuns(baseline, [again], {
		...accepting,
		reason: "why",
	});
	t.same(changes, [
		"size=default guard=on: seed 2: run 20260101T000002Z-echo-0001 → 20260102T000000Z-echo-0002",
		"size=default guard=on: retry_amplification (seed 2): 1.02 → 1.2",
		"size=default guard=on: rows_lost_count (seed 2): 0 → 3",
	]);
	t.same(
		after.entries[0]!.runs.map(({ reason }) => reason),
		["first", "why", "first", "first", "first"],
	);
	t.match(after.entries[0]!.metrics.find(({ name }) => name === "retry_amplification")?.range, {
		min: 1.01,
		max: 1.2,
		seeds: 5,
	});
	t.same(baseline, acceptRuns(null, fiveSeeds, accepting).baseline, "the old one is left alone");
	const edited = acceptRuns(baseline, [{ ...again, scenarioHash: "h2" }], accepting).changes;
	t.match(edited.join("\n"), /the scenario has changed\n.*several versions of the scenario/);
	t.end();
});

t.test("too few seeds, new entries and vanished metrics are said", (t) => {
	const { baseline, changes } = acceptRuns(null, [doneRun()], accepting);
	t.match(changes.join("\n"), /seed 1: new, run .*\n.*a range over 1 of at least 5 seeds/);
	const without = { ...doneRun(), metrics: doneRun().metrics.slice(1) };
	const after = acceptRuns(baseline, [without], accepting);
	t.match(after.changes.join("\n"), /rows_lost_count: gone/);
	t.notOk(after.baseline.entries[0]!.metrics.some(({ name }) => name === "rows_lost_count"));
	const small = doneRun({}, { size: "small" });
	t.equal(acceptRuns(baseline, [small], accepting).baseline.entries.length, 2);
	t.end();
});

t.test("what is no good run is refused, with all that speaks against it", (t) => {
	const rows: [more: Partial<RunDocument>, why: RegExp][] = [
		[{ state: "aborted", verdict: "invalid" }, /is aborted, not done/],
		[{ verdict: "invalid", asExpected: false }, /is invalid/],
		[{ verdict: "failed", asExpected: false }, /failed, and passed was expected/],
		[{ verdict: "passed", expect: "failed", asExpected: false }, /passed, and failed was expected/],
		[{ exploration: {} as RunDocument["exploration"] }, /explored/],
	];
	for (const [more, message] of rows)
		t.throws(() => acceptRuns(null, [doneRun({}, more)], accepting), {
			code: "FLT_CONFLICT",
			message,
		});
	const conflict = { code: "FLT_CONFLICT" };
	t.throws(() => acceptRuns(null, [doneRun()], { ...accepting, reason: "  " }), {
		...conflict,
		message: /no reason/,
	});
	t.throws(() => acceptRuns(null, [], accepting), { ...conflict, message: /no run is given/ });
	t.throws(() => acceptRuns(null, [doneRun(), doneRun({}, { runId: "other" })], accepting), {
		...conflict,
		message: /have the same key and seed/,
	});
	t.throws(
		() => acceptRuns(null, [doneRun(), doneRun({ seed: 2 }, { scenario: "b" })], accepting),
		{
			...conflict,
			message: /is of b, not of echo/,
		},
	);
	const twin = doneRun(
		{},
		{ verdict: "failed", expect: "failed", params: params({ guard: "off" }) },
	);
	t.doesNotThrow(() => acceptRuns(null, [twin], accepting), "a twin that fails as it must");
	t.end();
});

t.test(
	"the file is tabbed, ends with a line, and does not depend on the order of acceptance",
	(t) => {
		const store = new BaselineStore(t.testdir());
		const { baseline } = acceptRuns(null, fiveSeeds, accepting);
		store.save(baseline);
		const text = readFileSync(store.fileOf("echo"), "utf8");
		t.match(text, /^\{\n\t"schema": 1,\n\t"scenario": "echo",\n/);
		t.match(text, /\n$/);
		let turned: ReturnType<BaselineStore["find"]> = null;
		for (const run of [...fiveSeeds].reverse())
			turned = acceptRuns(turned, [run], accepting).baseline;
		store.save(turned!);
		t.equal(readFileSync(store.fileOf("echo"), "utf8"), text);
		t.same(store.list(), [baseline]);
		t.equal(entryFor(store.read("echo"), doneRun({ seed: 77 }))?.runs.length, 5, "of any seed");
		t.equal(entryFor(store.read("echo"), doneRun({}, { size: "large" })), null);
		t.end();
	},
);

t.test("a baseline that is not there, is broken or is a path", (t) => {
	const store = new BaselineStore(t.testdir({ "torn.json": "{", "old.json": '{"schema":2}' }));
	t.equal(store.find("echo"), null);
	t.throws(() => store.read("echo"), { code: "FLT_NOT_FOUND" });
	t.throws(() => store.read("../echo"), { code: "FLT_NOT_FOUND" });
	t.throws(() => store.read("torn"), {
		code: "FLT_CONFLICT",
		message: /^torn\.json is no baseline/,
	});
	t.throws(() => store.read("old"), { code: "FLT_CONFLICT", message: /schema is 2, not 1/ });
	const strange = "größe [1] / so on";
	store.save({ schema: 1, scenario: strange, entries: [] });
	t.equal(store.read(strange).scenario, strange, "a scenario may have any name");
	t.same(new BaselineStore("/nowhere").list(), []);
	t.equal(openBaselines({ baselines: "/good" }).folder, "/good");
	t.end();
});

t.test("a range is least, median and greatest of what there is", (t) => {
	t.same(rangeOf([3, 1, 2]), { min: 1, median: 2, max: 3, seeds: 3 });
	t.same(rangeOf([4, 1, null, 2, 3]), { min: 1, median: 2.5, max: 4, seeds: 4 });
	t.equal(rangeOf([null]), null);
	t.end();
});
