import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { monotonic } from "../../base/clock.ts";
import type { JsonObject } from "../../base/json.ts";
import { type LoadHandle, openLoad } from "../../load/generator.ts";
import { readJournal } from "../../load/journal.ts";
import type { LoadInterval, WorkerMessage } from "../../load/report.ts";
import { summarize } from "../../load/summary.ts";

interface Api {
	url: string;
	received: number;
	/** Answers to requests are kept back while this is set. */
	frozen: boolean;
}

async function startApi(t: Test): Promise<Api> {
	const kept: (() => void)[] = [];
	let frozen = false;
	const api = {
		url: "",
		received: 0,
		get frozen() {
			return frozen;
		},
		set frozen(value: boolean) {
			frozen = value;
			if (!value) for (const answer of kept.splice(0)) answer();
		},
	};
	const server = createServer((_, response) => {
		api.received++;
		if (frozen) kept.push(() => response.end("ok"));
		else response.end("ok");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return api;
}

interface Opened extends LoadHandle {
	messages: WorkerMessage[];
	intervals(): LoadInterval[];
	/** Resolves when a message fits. */
	seen(fits: (message: WorkerMessage) => boolean): Promise<void>;
}

function open(url: string, params: JsonObject, journalFolder: string | null = null): Opened {
	const messages: WorkerMessage[] = [];
	const waiting: { fits: (message: WorkerMessage) => boolean; resolve: () => void }[] = [];
	const handle = openLoad({
		name: "orders",
		moduleUrl: new URL("./fixtures/plan.ts", import.meta.url).href,
		params,
		spec: { workers: 2 },
		endpoints: { sink: { kind: "http", url } },
		phases: [{ name: "steady", fromMs: 0 }],
		intervalMs: 250,
		journalFolder,
		onMessage(message) {
			messages.push(message);
			for (const { fits, resolve } of waiting) if (fits(message)) resolve();
		},
	});
	return {
		...handle,
		messages,
		intervals: () => messages.flatMap((m) => (m.kind === "interval" ? [m.interval] : [])),
		seen: (fits) => new Promise((resolve) => waiting.push({ fits, resolve })),
	};
}

const atMs = (zeroNs: bigint, ms: number) => zeroNs + BigInt(ms * 1e6);

t.test(
	"a server that freezes for 400 ms shows in response time; all is accounted for",
	async (t) => {
		const api = await startApi(t);
		const folder = join(t.testdir(), "journal");
		const load = open(api.url, { does: "get" }, folder);
		await load.opened;
		const zeroNs = monotonic();
		load.begin(zeroNs);
		load.stop(atMs(zeroNs, 1000));
		await load.seen((m) => m.kind === "heartbeat" && m.started > 20);
		api.frozen = true;
		const frozenNs = monotonic();
		await load.seen((m) => m.kind === "heartbeat" && monotonic() - frozenNs > 400_000_000n);
		api.frozen = false;
		const totals = await load.ended;

		t.match(totals, { due: 500, started: 500, ok: 500, fail: 0, unknown: 0, dropped: 0 });
		const intervals = load.intervals();
		const { response_us, service_us, due_count, ok_count } = summarize(intervals, {
			fromMs: 0,
			toMs: 1000,
		});
		t.same([due_count, ok_count], [500, 500], "the intervals' sum is the totals");
		t.ok(response_us.p90! > 200_000, "hundreds of operations were due while nothing was answered");
		t.ok(service_us.p90! < response_us.p90! / 2, "eight were sent into the freeze");
		const attempts = intervals.reduce((sum, i) => sum + (i.counters["api.attempts"] ?? 0), 0);
		t.equal(attempts, api.received);

		const numbers = new Set<number>();
		for await (const { n, outcome, receipt } of readJournal(folder, "orders")) {
			numbers.add(n);
			if (outcome !== "ok" || receipt !== `receipt ${n}`) t.fail(`operation ${n}`);
		}
		t.equal(numbers.size, 500, "each operation has its line");
		for (const worker of [0, 1]) {
			const last = load.messages.findLast(
				(m) => ("interval" in m ? m.interval : m).worker === worker,
			);
			t.equal(last?.kind, "ended", "no message is lost at the end");
		}
	},
);

t.test("abort ends a load whose answers never come", async (t) => {
	const api = await startApi(t);
	api.frozen = true;
	const load = open(api.url, { does: "get" });
	await load.opened;
	load.begin(monotonic());
	for (const worker of [0, 1])
		await load.seen((m) => m.kind === "heartbeat" && m.worker === worker && m.started >= 4);
	load.abort();
	const totals = await load.ended;
	t.equal(totals.due, totals.started + totals.dropped);
	t.match(totals, { ok: 0, fail: 0, unknown: 8 });
});

t.test("a load that is aborted before it begins ends without operations", async (t) => {
	const api = await startApi(t);
	const load = open(api.url, { does: "get" });
	load.abort();
	await load.opened;
	t.match(await load.ended, { due: 0, started: 0 });
});

t.test("nothing that was rehearsed reaches the target or the counts", async (t) => {
	const api = await startApi(t);
	const load = open(api.url, { does: "get" });
	await load.opened;
	t.same(
		load.messages.map(({ kind }) => kind),
		["opened", "opened"],
	);
	t.equal(api.received, 0);
	const zeroNs = monotonic();
	load.begin(zeroNs);
	load.stop(atMs(zeroNs, 100));
	t.match(await load.ended, { due: 50, started: 50, ok: 50 });
	t.equal(api.received, 50);
	const samples = load.intervals().flatMap(({ slices }) => slices.map(({ phase }) => phase));
	t.same(new Set(samples), new Set(["steady"]));
});

t.test("an endpoint that nobody listens on is named, with the worker", async (t) => {
	const load = open("http://127.0.0.1:1", { does: "get" });
	const expected = {
		code: "FLT_COMPONENT_MISSING",
		message: /load "orders", worker \d of 2: .*127\.0\.0\.1:1.*ECONNREFUSED/,
	};
	await t.rejects(load.opened, expected);
	await t.rejects(load.ended, expected);
});

t.test("parameters that the arrival refuses are named", async (t) => {
	const api = await startApi(t);
	const load = open(api.url, { does: "get", ratePerSec: -1 });
	await t.rejects(load.ended, {
		code: "FLT_PLAN_INVALID",
		message: /ratePerSec must be > 0, but is -1/,
	});
});

for (const [does, seen] of [
	["die", /worker \d of 2: its thread died: thread \d+ trips/],
	["exit", /worker \d of 2: its thread died/],
] as const) {
	t.test(`a worker that dies (${does}) ends the load with a clear error`, async (t) => {
		const api = await startApi(t);
		const load = open(api.url, { does });
		await load.opened;
		load.begin(monotonic());
		await t.rejects(load.ended, { code: "FLT_HOST_DIED", message: seen });
	});
}
