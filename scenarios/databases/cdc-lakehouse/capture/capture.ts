import { monotonicMs, pause } from "faultline/subject";
import { Lake, type LakeStep } from "../lake/lake.ts";
import { unlistedFiles } from "../lake/vacuum.ts";
import { openStream } from "./change-stream.ts";
import { type DiaryLine, lagOf } from "./diary.ts";
import { Inbox } from "./inbox.ts";
import { takeSnapshot } from "./snapshot.ts";
import { slotOf, tablesOf, withSource } from "./source.ts";
import { batchesOf, type Transaction } from "./transaction.ts";

export interface CaptureOptions {
	url: string;
	slot: string;
	publication: string;
	/** Where the tables lie, a folder each. */
	folder: string;
	buckets: number;
	sync: boolean;
	cacheRowsMax: number;
	/** Changes in one batch, at most; a transaction that has more is one of its own. */
	batchChangesMax: number;
	/** How long a batch that is not full waits for more: each batch is a version of each table. */
	lingerMs: number;
	/** Files of a bucket that are left as they are. */
	filesMax: number;
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

/**
 * Captures for as long as the process lives. There is one way to go on, whatever has happened: the tables are opened anew,
 * and say from where the stream is read. The slot is never asked how far we have come, for what it was told last may not
 * have arrived, or may be ahead of tables that were put back.
 */
export function startCapture(options: CaptureOptions): Capture {
	let lsn: number | null = null;
	let session: Session | null = null;
	const run = async () => {
		for (;;) {
			try {
				session = await Session.open(options);
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
	readonly #stream: ReturnType<typeof openStream>;
	/** Up to here everything is in the tables. */
	#lsn: number;
	#vacuumedMs = monotonicMs();
	#asked: { retentionMs: number; done: (count: number) => void }[] = [];

	private constructor(
		options: CaptureOptions,
		lake: Lake,
		inbox: Inbox,
		lsn: number,
		stream: (onAsked: () => void) => ReturnType<typeof openStream>,
	) {
		this.#options = options;
		this.#lake = lake;
		this.#inbox = inbox;
		this.#lsn = lsn;
		this.#stream = stream(() => void this.#stream.acknowledge(this.#lsn));
	}

	static async open(options: CaptureOptions): Promise<Session> {
		const { url, slot, publication, diary } = options;
		const found = await withSource(url, async (client) => ({
			tables: await tablesOf(client, publication),
			slot: await slotOf(client, slot),
		}));
		const names = found.tables.map(({ name }) => name);
		const lake = await Lake.open(options.folder, names, options, options.step);
		// What the slot does not send any more, and the tables do not have, nothing but a snapshot brings.
		const isReadable =
			lake.lsn !== null &&
			found.slot !== null &&
			!found.slot.lost &&
			found.slot.confirmedLsn <= lake.lsn;
		if (!isReadable) {
			const sinceMs = monotonicMs();
			const { lsn, tables } = await takeSnapshot(url, slot, publication);
			await lake.snapshot(tables, lsn);
			const rowCount = [...tables.values()].reduce((sum, { rows }) => sum + rows.length, 0);
			const tookMs = monotonicMs() - sinceMs;
			diary({ kind: "snapshot", atMs: Date.now(), lsn, rowCount, tookMs });
		}
		const lsn = lake.lsn!;
		const garbage = await garbageOf(lake);
		diary({ kind: "started", atMs: Date.now(), fromLsn: lsn, garbage });
		const inbox = new Inbox(options.batchChangesMax, options.lingerMs);
		return new Session(options, lake, inbox, lsn, (onAsked) =>
			openStream({
				url,
				slot,
				publication,
				tables: found.tables,
				fromLsn: lsn,
				onTransaction: (transaction) => inbox.put(transaction),
				onAsked,
			}),
		);
	}

	async run(onLsn: (lsn: number) => void): Promise<never> {
		onLsn(this.#lsn);
		for (;;) {
			// What is being committed when the stream breaks is committed, before anybody opens the tables anew.
			const next = this.#inbox.take(this.#lake.levelLsn);
			const batch = await Promise.race([this.#stream.broken, next]);
			if (batch !== null) {
				await this.#apply(batch.transactions, batch.cameMs);
				onLsn(this.#lsn);
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
		return this.#stream.close();
	}

	async #apply(transactions: readonly Transaction[], cameMs: number): Promise<void> {
		const { step, diary } = this.#options;
		const toLsn = transactions.at(-1)!.endLsn;
		await this.#lake.apply(batchesOf(transactions), this.#lsn, toLsn);
		this.#lsn = toLsn;
		const atMs = Date.now();
		diary({
			kind: "batch",
			atMs,
			toLsn,
			transactionCount: transactions.length,
			changeCount: transactions.reduce((sum, { changes }) => sum + changes.length, 0),
			tookMs: monotonicMs() - cameMs,
			lag: lagOf(transactions, atMs),
		});
		// Only what is in the tables need not be sent again.
		await this.#stream.acknowledge(toLsn);
		await step("acknowledged");
	}

	/** Between two batches: brings small files together, and deletes those that nobody needs. */
	async #tidy(): Promise<void> {
		const { filesMax, retentionMs, vacuumEveryMs } = this.#options;
		await this.#lake.compact(filesMax);
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
