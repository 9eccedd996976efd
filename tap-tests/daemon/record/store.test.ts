import {
	appendFileSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { RunEvent } from "../../../daemon/record/events.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import { LoadMeter } from "../../../daemon/watch/meter.ts";
import { report } from "./interval.ts";
import { runDocument } from "./run-document.ts";

const document = runDocument();
const { runId } = document;
const event = (id: number): RunEvent => ({ id, ms: id, type: "log", message: `line ${id}` });

t.test("a document is read as it was saved, and replaced as a whole", (t) => {
	const store = new RunStore(t.testdir());
	store.create(document);
	t.same(store.read(runId), document);
	store.save({ ...document, state: "done", verdict: "passed" });
	t.match(store.read(runId), { state: "done", verdict: "passed" });
	t.same(readdirSync(store.folderOf(runId)).sort(), ["journal", "run.json"], "no draft is left");
	t.match(readFileSync(join(store.folderOf(runId), "run.json"), "utf8"), /\n$/);
	t.end();
});

t.test("a document that can't be written leaves the one before", (t) => {
	const store = new RunStore(t.testdir());
	store.create(document);
	const circular = { ...document, params: {} as never };
	Object.assign(circular.params, { self: circular });
	t.throws(() => store.save(circular));
	t.same(new RunStore(store.folder).read(runId), document);
	t.end();
});

t.test("what can't be written is told all the same, and written once it can be", (t) => {
	const store = new RunStore(t.testdir());
	t.teardown(() => store.close());
	store.create(document);
	t.equal(store.list(1, null)[0]?.state, document.state);
	const ended = { ...document, state: "crashed" as const, verdict: "invalid" as const };
	const [folder, aside] = [store.folderOf(runId), join(store.folder, ".aside")];
	renameSync(folder, aside);
	t.throws(() => store.save(ended), { code: "ENOENT" });
	t.match(store.read(runId), { state: "crashed", verdict: "invalid" });
	t.match(store.list(1, null), [{ runId, state: "crashed", verdict: "invalid" }]);
	renameSync(aside, folder);
	t.match(store.read(runId), { state: "crashed" });
	t.match(new RunStore(store.folder).read(runId), { state: "crashed", verdict: "invalid" });
	t.end();
});

t.test("where no record can be made that is said, and nothing is left of it", (t) => {
	const store = new RunStore(join(t.testdir({ file: "" }), "file"));
	t.throws(() => store.create(document), {
		code: "FLT_UNWRITABLE",
		message: /^no record can be made in .*ENOTDIR/,
		hint: /--home/,
	});
	t.throws(() => store.read(runId), { code: "FLT_NOT_FOUND" });
	t.end();
});

t.test("a run that could not be made is not told from memory either", (t) => {
	const store = new RunStore(t.testdir());
	mkdirSync(join(store.folderOf(runId), "run.json"), { recursive: true });
	t.throws(() => store.create(document), { code: "FLT_UNWRITABLE" });
	t.throws(() => store.read(runId), { code: "FLT_NOT_FOUND" });
	t.end();
});

t.test("lines are read back in their order, without one that was torn", (t) => {
	const store = new RunStore(t.testdir());
	store.create(document);
	t.same(store.readEvents(runId), [], "before the first");
	for (const id of [1, 2]) store.appendEvent(runId, event(id));
	const file = join(store.folderOf(runId), "events.ndjson");
	appendFileSync(file, JSON.stringify(event(3)).slice(0, 12));
	t.same(store.readEvents(runId), [event(1), event(2)]);
	t.end();
});

t.test("a line after a torn one is not lost with it", (t) => {
	const store = new RunStore(t.testdir());
	store.create(document);
	store.appendEvent(runId, event(1));
	appendFileSync(join(store.folderOf(runId), "events.ndjson"), '{"id":2,\n');
	store.appendEvent(runId, event(3));
	t.same(store.readEvents(runId), [event(1), event(3)]);
	t.end();
});

t.test("a run that is not there, or an id that is a path, is not found", (t) => {
	const home = t.testdir({ "run.json": "{}", runs: { "run.json": "{}" } });
	const store = new RunStore(join(home, "runs"));
	store.create(document);
	const ids = [
		"nobody",
		"",
		".",
		"..",
		"../runs",
		`${runId}/../${runId}`,
		`./${runId}`,
		"a\0b",
		"a b",
	];
	for (const id of ids) {
		t.throws(
			() => store.read(id),
			{ code: "FLT_NOT_FOUND", message: `no run "${id}"` },
			JSON.stringify(id),
		);
	}
	t.end();
});

t.test("ids are listed newest first; what is no run of ours hides none that is", (t) => {
	const folder = t.testdir();
	const store = new RunStore(folder);
	const ids = ["20260101T000000Z-b-0001", "20260102T000000Z-a-0001", "20260101T000001Z-a-0001"];
	for (const id of ids) store.create(runDocument({ runId: id }));
	mkdirSync(join(folder, "20270101T000000Z-half-made"));
	writeFileSync(join(folder, ".DS_Store"), "");
	mkdirSync(join(folder, "copy of a run"));
	writeFileSync(join(folder, "copy of a run", "run.json"), JSON.stringify(document));
	const listed = () => store.list(9, null).map(({ runId }) => runId);
	t.same(listed(), [ids[1], ids[2], ids[0]]);
	for (const id of listed()) t.equal(store.read(id).runId, id, "what is listed can be read");
	store.close();
	t.end();
});

t.test(
	"the outcome is kept beside the record; the histograms only of a run that has started",
	(t) => {
		const store = new RunStore(t.testdir());
		store.create(document);
		const outcome = {
			schema: 1 as const,
			cases: [{ case: null, observed: { n: 1 }, expected: null, doubt: null }],
			charts: [],
		};
		store.saveOutcome(runId, outcome);
		const folder = store.folderOf(runId);
		t.same(JSON.parse(readFileSync(join(folder, "outcome.json"), "utf8")), outcome);
		store.saveHistogramLog(document);
		t.notOk(readdirSync(folder).includes("latency.hlog"));
		const meter = new LoadMeter({
			load: "o",
			case: null,
			workers: 1,
			intervalMs: 1_000,
			zeroMs: 0,
		});
		for (const made of meter.see(report(0, 0, { responsesMs: [5] })))
			store.appendInterval(runId, made);
		t.equal(store.readIntervals(runId)[0]?.view.index, 0);
		store.saveHistogramLog({ ...document, startedAt: "2026-01-01T00:00:01.000Z" });
		t.match(readFileSync(join(folder, "latency.hlog"), "utf8"), /\n0.000,1.000,/);
		t.end();
	},
);
