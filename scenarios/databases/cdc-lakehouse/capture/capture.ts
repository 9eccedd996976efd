import { monotonicMs, pause } from "faultline/subject";
import { Lake, type LakeStep } from "../lake/lake.ts";
import type { Position } from "../lake/position.ts";
import type { Store } from "../lake/store.ts";
import { unlistedFiles } from "../lake/vacuum.ts";
import { type DiaryLine, lagOf } from "./diary.ts";
import type { ChangeStream, Feed } from "./feed.ts";
import { Inbox } from "./inbox.ts";
import { batchesOf, type Transaction } from "./transaction.ts";

export interface CaptureOptions {
	/** Where the tables lie. */
	store: Store;
	buckets: number;
	cacheRowsMax: number;
	/** Changes in one batch, at most; a transaction that has more is one of its own. */
	batchChangesMax: number;
	/** How long a batch that is not full waits for more: each batch is a version of each table. */
	lingerMs: number;
	/** Files of a bucket that are left as they are. */
	filesMax: number;
	/** Versions of a table, after which those who open it need not read them any more. */
	checkpointEvery: number;
	/** How long a file stays that is in no version any more. */
	retentionMs: number;
	vacuumEveryMs: number;
	/** Awaited between any two steps. */
	step(name: CaptureStep): Promise<void>;
	diary(line: DiaryLine): void;
}

export type CaptureStep = LakeStep | "acknowledged";

export interface Capture {
	/** Up to here all tables have everything. */
	readonly lsn: number | null;
	/** Deletes what is in no version and older than this, as soon as no batch is under way. */
	vacuum(retentionMs: number): Promise<number>;
}

const retryAfterMs = 50;
/** So many times as many files of a bucket are left as they are while a batch waits that is worth its version. */
const filesMaxPressed = 4;

/**
 * Captures for as long as the process lives. There is one way to go on, whatever has happened: the tables are opened anew,
 * and say from where the stream is read.
 */
export function startCapture(options: CaptureOptions, feed: Feed): Capture {
	let lsn: number | null = null;
	let session: Session | null = null;
	const run = async () => {
		for (;;) {
			try {
				session = await Session.open(options, feed);
				await session.run((reached) => {
					lsn = reached;
				});
			} catch (error) {
				console.error(String(error));
			}
			await session?.close();
			session = null;
			await pause(retryAfterMs);
		}
	};
	void run();
	return {
		get lsn() {
			return lsn;
		},
		async vacuum(retentionMs) {
			while (session === null) await pause(retryAfterMs);
			return session.vacuum(retentionMs);
		},
	};
}

/** From opening the tables to the first thing that goes wrong. */
class Session {
	readonly #options: CaptureOptions;
	readonly #lake: Lake;
	readonly #inbox: Inbox;
	readonly #stream: ChangeStream;
	/** Up to here everything is in the tables. */
	#at: Position;
	#vacuumedMs = monotonicMs();
	#asked: { retentionMs: number; done: (count: number) => void }[] = [];

	private constructor(
		options: CaptureOptions,
		lake: Lake,
		inbox: Inbox,
		at: Position,
		stream: (onAsked: () => void) => ChangeStream,
	) {
		this.#options = options;
		this.#lake = lake;
		this.#inbox = inbox;
		this.#at = at;
		this.#stream = stream(() => void this.#stream.acknowledge(this.#at));
	}

	static async open(options: CaptureOptions, feed: Feed): Promise<Session> {
		const { diary } = options;
		const tables = await feed.tables();
		const names = tables.map(({ name }) => name);
		const lake = await Lake.open(options.store, names, options, options.step);
		const sinceMs = monotonicMs();
		const snapshot = await feed.snapshot(lake.position, tables);
		if (snapshot !== null) {
			await lake.snapshot(snapshot.tables, snapshot.at);
			const all = [...snapshot.tables.values()];
			const rowCount = all.reduce((sum, { rows }) => sum + rows.length, 0);
			const tookMs = monotonicMs() - sinceMs;
			diary({ kind: "snapshot", atMs: Date.now(), lsn: snapshot.at.lsn, rowCount, tookMs });
		}
		const at = lake.position!;
		const garbage = await garbageOf(lake);
		diary({ kind: "started", atMs: Date.now(), fromLsn: at.lsn, garbage });
		const inbox = new Inbox(options.batchChangesMax, options.lingerMs);
		return new Session(options, lake, inbox, at, (onAsked) =>
			feed.open(at, tables, { onTransaction: (transaction) => inbox.put(transaction), onAsked }),
		);
	}

	async run(onLsn: (lsn: number) => void): Promise<never> {
		onLsn(this.#at.lsn);
		for (;;) {
			// What is being committed when the stream breaks is committed, before anybody opens the tables anew.
			const next = this.#inbox.take(this.#lake.levelLsn);
			const batch = await Promise.race([this.#stream.broken, next]);
			if (batch !== null) {
				await this.#apply(batch.transactions, batch.cameMs);
				onLsn(this.#at.lsn);
			}
			await this.#tidy();
		}
	}

	vacuum(retentionMs: number): Promise<number> {
		return new Promise((done) => {
			this.#asked.push({ retentionMs, done });
			this.#inbox.wake();
		});
	}

	close(): Promise<void> {
		this.#inbox.close();
		return this.#stream.close();
	}

	async #apply(transactions: readonly Transaction[], cameMs: number): Promise<void> {
		const { step, diary } = this.#options;
		const { endLsn, offset } = transactions.at(-1)!;
		const to = { lsn: endLsn, offset };
		await this.#lake.apply(batchesOf(transactions), this.#at.lsn, to);
		this.#at = to;
		const atMs = Date.now();
		diary({
			kind: "batch",
			atMs,
			toLsn: to.lsn,
			transactionCount: transactions.length,
			changeCount: transactions.reduce((sum, { changes }) => sum + changes.length, 0),
			tookMs: monotonicMs() - cameMs,
			lag: lagOf(transactions, atMs),
		});
		// Only what is in the tables need not be sent again.
		await this.#stream.acknowledge(to);
		await step("acknowledged");
	}

	/** Between two batches: brings small files together, and deletes those that nobody needs. */
	async #tidy(): Promise<void> {
		const { filesMax, retentionMs, vacuumEveryMs } = this.#options;
		// Those who wait for rows would wait for that too, and what is next may be rewritten by the next batch.
		await this.#lake.checkpoint(this.#options.checkpointEvery);
		await this.#lake.compact(this.#inbox.isPressed ? filesMaxPressed * filesMax : filesMax);
		const asked = this.#asked;
		this.#asked = [];
		for (const { retentionMs, done } of asked) done(await this.#vacuum(retentionMs));
		if (monotonicMs() - this.#vacuumedMs < vacuumEveryMs) return;
		await this.#vacuum(retentionMs);
	}

	#vacuum(retentionMs: number): Promise<number> {
		this.#vacuumedMs = monotonicMs();
		return this.#lake.vacuum(retentionMs, monotonicMs());
	}
}

async function garbageOf({ tables }: Lake): Promise<string[]> {
	const all: string[] = [];
	for (const [name, table] of tables)
		for (const { kind, path } of await unlistedFiles(table))
			if (kind === "never committed") all.push(`${name}/${path}`);
	return all;
}
