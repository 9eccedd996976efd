import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import { runDocument } from "./run-document.ts";

const idOf = (n: number) => `20260101T0000${String(n).padStart(2, "0")}Z-echo-0001`;
const run = (n: number, more: Partial<RunDocument> = {}) =>
	runDocument({ runId: idOf(n), state: "done", verdict: "passed", ...more });

function storeOf(t: Test, folder: string): RunStore {
	const store = new RunStore(folder);
	t.teardown(() => store.close());
	return store;
}

const listed = (store: RunStore, limit = 100, before: string | null = null) =>
	store.list(limit, before).map(({ runId }) => runId);

t.test("runs come newest first, some at a time, in the state they are in", (t) => {
	const store = storeOf(t, t.testdir());
	for (const n of [1, 3, 2]) store.create(run(n));
	t.same(listed(store), [3, 2, 1].map(idOf));
	t.same(listed(store, 1), [idOf(3)]);
	t.same(listed(store, 100, idOf(3)), [2, 1].map(idOf));
	store.create(run(4, { state: "queued", verdict: null }));
	t.match(store.list(1, null), [{ runId: idOf(4), state: "queued", verdict: null, guard: "on" }]);
	t.same(store.unfinished(), [idOf(4)]);
	store.save(run(4, { verdict: "failed" }));
	t.match(store.list(1, null), [{ state: "done", verdict: "failed" }]);
	t.same(store.unfinished(), []);
	t.end();
});

t.test("what came, changed or went while nobody listed is seen at the next opening", (t) => {
	const folder = t.testdir();
	const store = storeOf(t, folder);
	for (const n of [1, 2]) store.create(run(n));
	store.create(run(3, { state: "steady", verdict: null }));
	t.equal(listed(store).length, 3);
	store.close();
	const other = new RunStore(folder);
	other.save(run(3, { verdict: "invalid" }));
	other.create(run(4));
	rmSync(other.folderOf(idOf(1)), { recursive: true });
	const again = storeOf(t, folder);
	t.same(listed(again), [4, 3, 2].map(idOf));
	t.equal(again.list(2, null)[1]?.verdict, "invalid");
	t.end();
});

t.test(
	"an index that is gone, torn, or of another version is made anew from the folders",
	async (t) => {
		const folder = t.testdir();
		const file = join(folder, "index.sqlite");
		const first = new RunStore(folder);
		for (const n of [1, 2]) first.create(run(n));
		const cases: [why: string, damage: () => void][] = [
			["gone", () => rmSync(file, { force: true })],
			["no database", () => writeFileSync(file, "this is no database, and longer than its head")],
			["empty", () => writeFileSync(file, "")],
			[
				"of another version",
				() => {
					const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
					const database = new DatabaseSync(file);
					database.exec("drop table runs; create table runs (other); pragma user_version = 9");
					database.close();
				},
			],
		];
		for (const [why, damage] of cases) {
			damage();
			const store = new RunStore(folder);
			t.same(listed(store), [2, 1].map(idOf), why);
			store.close();
			t.ok(existsSync(file));
		}
	},
);

t.test("what is no run is not listed, and hides none", (t) => {
	const folder = t.testdir();
	const store = storeOf(t, folder);
	store.create(run(1));
	mkdirSync(join(folder, "20270101T000000Z-half-made"));
	mkdirSync(join(folder, "20270101T000000Z-torn"));
	writeFileSync(join(folder, "20270101T000000Z-torn", "run.json"), "{");
	t.same(listed(store), [idOf(1)]);
	t.end();
});

t.test("a run whose record was torn while nobody listed is a run no more", (t) => {
	const folder = t.testdir();
	const first = storeOf(t, folder);
	for (const n of [1, 2]) first.create(run(n, { state: "steady", verdict: null }));
	t.equal(listed(first).length, 2);
	first.close();
	writeFileSync(join(folder, idOf(2), "run.json"), "{");
	const again = storeOf(t, folder);
	t.same(listed(again), [idOf(1)]);
	t.same(again.unfinished(), [idOf(1)]);
	t.end();
});

t.test("a removed run is gone, from the list too", (t) => {
	const store = storeOf(t, t.testdir());
	for (const n of [1, 2]) store.create(run(n));
	t.equal(listed(store).length, 2);
	store.remove(idOf(2));
	t.same(listed(store), [idOf(1)]);
	t.notOk(existsSync(store.folderOf(idOf(2))));
	t.doesNotThrow(() => store.remove(idOf(2)), "again");
	t.end();
});

t.test("where no file can be written, runs are listed all the same", (t) => {
	const folder = t.testdir();
	const first = storeOf(t, folder);
	for (const n of [1, 2]) first.create(run(n));
	// A folder in its place can be neither opened nor taken away: as on a disk that is full, or not ours.
	mkdirSync(join(folder, "index.sqlite", "kept"), { recursive: true });
	t.same(listed(storeOf(t, folder)), [2, 1].map(idOf));
	t.end();
});
