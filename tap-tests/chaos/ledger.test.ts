import { spawnSync } from "node:child_process";
import fs, { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { Ledger, type LedgerEntry } from "../../chaos/ledger.ts";

const entry = (faultId: string, state: LedgerEntry["state"] = "planned"): LedgerEntry => ({
	faultId,
	runId: "run-1",
	kind: "down",
	on: "db",
	undo: { faultId, on: "db", proxies: ["p"] },
	state,
	plannedAt: "2026-01-01T00:00:00.000Z",
	limitMs: 1_000,
});
const ids = (ledger: Ledger) => ledger.pending.map(({ faultId }) => faultId);

/** What a daemon that starts now would find. */
function reopened(file: string): string[] {
	const ledger = new Ledger(file);
	ledger.close();
	return ids(ledger);
}

t.test("a fault is in the file when record returns, whatever happens to the process then", (t) => {
	const file = join(t.testdir(), "ledger.ndjson");
	const module = new URL("../../chaos/ledger.ts", import.meta.url).href;
	const script = `
		import { Ledger } from ${JSON.stringify(module)};
		new Ledger(process.argv[1]).record(${JSON.stringify(entry("down-1"))});
		process.kill(process.pid, "SIGKILL");
	`;
	const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script, file]);
	t.equal(signal, "SIGKILL");
	t.same(reopened(file), ["down-1"]);
	t.equal(statSync(file).mode & 0o777, 0o600, "an undo may hold an address with its password");
	t.end();
});

t.test("a fault that is dropped is gone for whoever starts next, and just once", (t) => {
	const file = join(t.testdir(), "ledger.ndjson");
	const ledger = new Ledger(file);
	ledger.record(entry("down-1"));
	ledger.record(entry("down-2"));
	t.match(ledger.drop("down-1"), { faultId: "down-1", undo: { proxies: ["p"] } });
	t.equal(ledger.drop("down-1"), null);
	ledger.close();
	t.same(reopened(file), ["down-2"]);
	t.end();
});

/** Puts these functions into `node:fs`, also for those who have imported them by name. */
function replace(functions: object): void {
	Object.assign(fs, functions);
	syncBuiltinESMExports();
}

t.test("each record is synced to the disk before record returns", async (t) => {
	const calls: string[] = [];
	const { writeFileSync, fsyncSync } = fs;
	t.teardown(() => replace({ writeFileSync, fsyncSync }));
	replace({
		writeFileSync(target: number | string, text: string) {
			if (typeof target === "number") calls.push(`writeFileSync ${target}`);
			writeFileSync(target, text);
		},
		fsyncSync(fd: number) {
			calls.push(`fsyncSync ${fd}`);
			fsyncSync(fd);
		},
	});
	const ledger = new Ledger(join(t.testdir(), "ledger.ndjson"));
	t.equal(calls.filter((call) => call.startsWith("fsync")).length, 2, "the file and its name");
	calls.length = 0;
	ledger.record(entry("a"));
	t.match(calls, [/^writeFileSync \d+$/, /^fsyncSync \d+$/]);
	t.equal(calls[0]?.split(" ")[1], calls[1]?.split(" ")[1], "of the same file");
	ledger.close();
});

t.test("what was healed is closed, the rest is pending, oldest first, as it was recorded", (t) => {
	const file = join(t.testdir(), "ledger.ndjson");
	const ledger = new Ledger(file);
	for (const id of ["a", "b", "c"]) ledger.record(entry(id));
	ledger.record(entry("b", "healed"));
	t.same(ids(ledger), ["a", "c"]);
	ledger.close();
	const next = new Ledger(file);
	t.same(next.pending, [entry("a"), entry("c")]);
	next.record(entry("a", "healed"));
	next.close();
	t.same(reopened(file), ["c"]);
	t.end();
});

t.test("a torn last line is a fault that was never injected, and spoils no line after it", (t) => {
	const file = join(t.testdir(), "ledger.ndjson");
	const first = new Ledger(file);
	first.record(entry("a"));
	first.close();
	appendFileSync(file, JSON.stringify(entry("torn")).slice(0, 40));
	const second = new Ledger(file);
	t.same(ids(second), ["a"]);
	second.record(entry("b"));
	second.close();
	t.same(reopened(file), ["a", "b"]);
	t.end();
});

t.test("a line that a full disk tore in a running daemon spoils no line after it", (t) => {
	const file = join(t.testdir(), "ledger.ndjson");
	const ledger = new Ledger(file);
	ledger.record(entry("a"));
	appendFileSync(file, JSON.stringify(entry("torn")).slice(0, 40));
	ledger.record(entry("b"));
	ledger.close();
	t.same(reopened(file), ["a", "b"]);
	t.end();
});

t.test("the file does not grow from one daemon to the next", (t) => {
	const folder = t.testdir();
	const file = join(folder, "ledger.ndjson");
	const ledger = new Ledger(file);
	for (let n = 0; n < 50; n++) {
		ledger.record(entry(`f-${n}`));
		ledger.record(entry(`f-${n}`, "healed"));
	}
	ledger.record(entry("open"));
	ledger.close();
	t.same(reopened(file), ["open"]);
	const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
	t.same(
		lines.map((line) => JSON.parse(line)),
		[entry("open")],
	);
	t.same(readdirSync(folder), ["ledger.ndjson"], "and no draft is left beside it");
	t.end();
});

t.test("a file that can't be read is an error, not an empty ledger", (t) => {
	const folder = t.testdir({ "ledger.ndjson": {} });
	t.throws(() => new Ledger(join(folder, "ledger.ndjson")), { code: "EISDIR" });
	t.end();
});

t.test("replayed from its file, a ledger holds what it held, cut off anywhere too", (t) => {
	const file = join(t.testdir(), "ledger.ndjson");
	const step = fc.record({
		faultId: fc.constantFrom("a", "b", "c", "d"),
		state: fc.constantFrom<LedgerEntry["state"]>("planned", "healed"),
		restart: fc.boolean(),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 12 }), fc.nat(400), (steps, tornBytes) => {
			writeFileSync(file, "");
			let ledger = new Ledger(file);
			const open: string[] = [];
			for (const { faultId, state, restart } of steps) {
				if (restart) {
					ledger.close();
					appendFileSync(file, JSON.stringify(entry("torn")).slice(0, tornBytes % 60));
					ledger = new Ledger(file);
				}
				ledger.record(entry(faultId, state));
				const at = open.indexOf(faultId);
				if (state === "planned" && at < 0) open.push(faultId);
				if (state === "healed" && at >= 0) open.splice(at, 1);
			}
			ledger.close();
			return ids(ledger).join() === open.join() && reopened(file).join() === open.join();
		}),
		{ numRuns: 60 },
	);
	t.end();
});
