import { appendFileSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Journal, type JournalEntry, readJournal } from "../../load/journal.ts";
import { perSec, rig } from "./rig.ts";

async function all(folder: string, load: string, zeroMs = 0): Promise<JournalEntry[]> {
	const entries: JournalEntry[] = [];
	for await (const entry of readJournal(folder, load, zeroMs)) entries.push(entry);
	return entries;
}

/** An operation that was due in its first millisecond, and started half a one later. */
const operation = (n: number) => ({ n, intendedMs: n, startedMs: n + 0.6 });

t.test("every ended operation is read again, worker by worker, of this load alone", async (t) => {
	const folder = join(t.testdir(), "journal");
	for (const [load, worker] of [
		["orders", 1],
		["orders", 0],
		["orders-1", 0],
	] as const) {
		const journal = Journal.create(folder, load, worker);
		journal.append(operation(worker), worker + 7, "ok", `${load} "${worker}"\n`);
		journal.flush();
		journal.append(operation(worker + 10), worker + 20, "unknown", undefined);
		journal.flush();
		journal.close();
	}
	const times = (intendedMs: number, startedMs: number, endedMs: number) => ({
		times: { intendedMs, startedMs, endedMs },
	});
	t.same(await all(folder, "orders"), [
		{ n: 0, outcome: "ok", receipt: 'orders "0"\n', ...times(0, 1, 7) },
		{ n: 10, outcome: "unknown", receipt: null, ...times(10, 11, 20) },
		{ n: 1, outcome: "ok", receipt: 'orders "1"\n', ...times(1, 2, 8) },
		{ n: 11, outcome: "unknown", receipt: null, ...times(11, 12, 21) },
	]);
	const [first] = await all(folder, "orders", 2_500);
	t.match(first, times(2_500, 2_501, 2_507), "where the reader's own zero lies before the load's");
});

t.test("a journal of an older version is read, and says no times", async (t) => {
	const folder = t.testdir({ "a-0.ndjson": '[1,"ok","é"]\n[2,"fail",null]\n' });
	t.same(await all(folder, "a"), [
		{ n: 1, outcome: "ok", receipt: "é", times: null },
		{ n: 2, outcome: "fail", receipt: null, times: null },
	]);
});

t.test("a torn last line is left out, a broken line before it is an error", async (t) => {
	const folder = t.testdir({
		"a-0.ndjson": '[1,"ok","é"]\n[2,"ok","tor',
		"a-1.ndjson": '[3,"ok",null]',
	});
	t.same(
		(await all(folder, "a")).map(({ n }) => n),
		[1],
	);
	appendFileSync(join(folder, "a-0.ndjson"), "\n");
	await t.rejects(all(folder, "a"), { message: /line 2 of .*a-0\.ndjson/ });
});

t.test("a long journal is read across the reader's chunks", async (t) => {
	const folder = t.testdir();
	const lines = Array.from({ length: 20_000 }, (_, n) => `[${n},"ok","éü${n}"]\n`);
	writeFileSync(join(folder, "a-0.ndjson"), lines.join(""));
	const entries = await all(folder, "a");
	t.equal(entries.length, 20_000);
	t.ok(entries.every(({ n, receipt }, i) => n === i && receipt === `éü${i}`));
});

t.test("another load's journal is not continued", (t) => {
	const folder = t.testdir({ "a-0.ndjson": "" });
	t.throws(() => Journal.create(folder, "a", 0), { message: /EEXIST/ });
	t.end();
});

t.test("a full disk ends the load, and no operation counts as ok without its line", async (t) => {
	const journal = new Journal("/dev/full", openSync("/dev/full", "w"));
	t.teardown(() => journal.close());
	const { time, ended, intervals } = rig({
		arrival: { pacer: perSec(1000) },
		journal,
		work: async ({ n }) => String(n),
	});
	await time.runTo(2000);
	await t.rejects(ended, { message: /journal \/dev\/full takes no more lines.*ENOSPC/ });
	t.same(intervals, []);
});

t.test("ok is counted when its line is written, its latency when the answer came", async (t) => {
	const folder = t.testdir();
	const journal = Journal.create(folder, "a", 0);
	t.teardown(() => journal.close());
	const { time, loop, ended, intervals } = rig({
		arrival: { pacer: (n) => (n === 0 ? 995 : 1e9) },
		journal,
		async work(_, time) {
			await time.pause(2);
			return "r";
		},
	});
	await time.runTo(999);
	t.same(await all(folder, "a"), []);
	await time.runTo(1500);
	t.same(await all(folder, "a"), [
		{
			n: 0,
			outcome: "ok",
			receipt: "r",
			times: { intendedMs: 995, startedMs: 995, endedMs: 997 },
		},
	]);
	loop.abort();
	t.match(await ended, { ok: 1 });
	t.match(intervals, [
		{ slices: [{ counts: { started: 1, ok: 0 } }] },
		{ slices: [{ counts: { started: 0, ok: 1 } }] },
	]);
	t.ok(intervals[0]!.slices[0]!.lastOkEndMs! < 1000);
});
