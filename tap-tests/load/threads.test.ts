import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { monotonic } from "../../base/clock.ts";
import { openLoad } from "../../load/generator.ts";
import { readJournal } from "../../load/journal.ts";
import { Threads } from "../../load/threads.ts";

const moduleUrl = new URL("./fixtures/plan.ts", import.meta.url).href;

let url: string;
t.before(async () => {
	const server = createServer((_, response) => response.end("ok"));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
});

/** The threads that the operations of a load of two workers ran in. */
async function threadsOf(t: Test, threads: Threads | undefined, name: string): Promise<string[]> {
	const journalFolder = join(t.testdirName, "journal", name);
	const load = openLoad({
		name: "orders",
		moduleUrl,
		params: { does: "thread" },
		spec: { workers: 2 },
		endpoints: { sink: { kind: "http", url } },
		phases: [{ name: "steady", fromMs: 0 }],
		intervalMs: 250,
		journalFolder,
		onMessage: () => {},
		...(threads === undefined ? {} : { threads }),
	});
	await load.opened;
	const zeroNs = monotonic();
	load.begin(zeroNs);
	load.stop(zeroNs + 20_000_000n);
	await load.ended;
	const ran = new Set<string>();
	for await (const { receipt } of readJournal(journalFolder, "orders")) ran.add(receipt!);
	return [...ran].sort();
}

t.test("the next load runs in the threads of the last, those that were warmed up", async (t) => {
	t.testdir();
	const threads = new Threads();
	t.teardown(() => threads.close());
	threads.warm({ moduleUrl, drivers: [] }, 1);
	threads.warm({ moduleUrl, drivers: ["http"] }, 2);
	const first = await threadsOf(t, threads, "first");
	t.equal(first.length, 2, "a thread for each worker");
	threads.warm({ moduleUrl, drivers: ["http"] }, 2);
	t.same(await threadsOf(t, threads, "second"), first, "and no others were started");
});

t.test("a load without threads of others has its own", async (t) => {
	t.testdir();
	const first = await threadsOf(t, undefined, "first");
	const second = await threadsOf(t, undefined, "second");
	t.same(
		first.filter((thread) => second.includes(thread)),
		[],
	);
});

t.test("what can't be loaded to warm up keeps no load from running", async (t) => {
	t.testdir();
	const threads = new Threads();
	t.teardown(() => threads.close());
	threads.warm({ moduleUrl: "file:///no/such/file.ts", drivers: ["no-driver"] }, 1);
	t.equal((await threadsOf(t, threads, "first")).length, 2);
});

t.test(
	"a load with more workers than there are threads is refused, and hangs nowhere",
	async (t) => {
		const threads = new Threads(2);
		t.teardown(() => threads.close());
		const load = openLoad({
			name: "orders",
			moduleUrl,
			params: { does: "thread" },
			spec: { workers: 3 },
			endpoints: { sink: { kind: "http", url } },
			phases: [{ name: "steady", fromMs: 0 }],
			intervalMs: 250,
			journalFolder: null,
			onMessage: () => {},
			threads,
		});
		await t.rejects(load.ended, { code: "FLT_PLAN_INVALID", message: /there are 2 threads/ });
	},
);
