import { randomUUID } from "node:crypto";
import { monotonicMs } from "faultline/subject";
import type { FencedWriter, Progress, Records } from "./fenced-writer.ts";
import type { Change, PartitionJob, Result } from "./partition-job.ts";
import { noteOf } from "./watermark.ts";

/** What a session may write with; a test gives it another. */
export type Writer = Pick<FencedWriter, "write" | "close">;

export interface SessionOptions<Cause> {
	partition: number;
	group: string;
	input: string;
	changelog: string;
	topicOf(name: string): string;
	openWriter(): Promise<Writer>;
	job: PartitionJob<Cause>;
	/** After each transaction. */
	onCommitted(committed: Committed<Cause>): void;
}

/** What one transaction has done. */
export interface Committed<Cause> {
	partition: number;
	/** Offsets `from` to `to` − 1 of the input. */
	from: number;
	to: number;
	results: readonly Result<Cause>[];
}

/** A message of the changelog or of the input. */
export interface Message {
	offset: string;
	key: Buffer | null;
	value: Buffer | null;
}

/** Keys of the changelog that are the session's own. */
const positionKey = "position";
const sessionKey = "session";

/**
 * One partition as one member of the group has it, from the moment that it is given to it. It shuts out whoever had it
 * before, restores the state from the changelog, and goes on where that one stopped: results, state and position are
 * always written in one transaction. What fails once is over, and a new session begins as this one did.
 */
export class PartitionSession<Cause> {
	readonly partition: number;
	/** Where its input goes on; what the changelog says, once it is restored. */
	position = 0;
	isReady = false;
	isOver = false;
	restoredCount = 0;
	/** From the first step to being ready. */
	restoreMs = 0;
	readonly #options: SessionOptions<Cause>;
	readonly #token = randomUUID();
	readonly #fromMs = monotonicMs();
	#writer: Writer | null = null;
	/** The last that was begun. One after another: the clock of others must not come between two halves of a batch. */
	#busy: Promise<unknown> = Promise.resolve();

	constructor(options: SessionOptions<Cause>) {
		this.partition = options.partition;
		this.#options = options;
	}

	get watermarkMs(): number {
		return this.#options.job.watermarkMs;
	}

	/**
	 * Shuts out whoever had the partition, and puts a mark at the end of the changelog: before it is all that was ever
	 * committed, and where the mark is read all of it was. An offset would not tell: what was aborted has one too.
	 */
	async fence(): Promise<void> {
		this.#writer = await this.#options.openWriter();
		if (this.isOver) return this.close();
		const mark = { key: sessionKey, value: this.#token };
		await this.#writer.write({ [this.#options.changelog]: [mark] }, null);
	}

	/** Records of the changelog, in their order. Whether these were the last. */
	restore(messages: readonly Message[]): boolean {
		for (const { key, value } of messages) {
			const change = { key: String(key), value: value === null ? null : String(value) };
			switch (change.key) {
				case sessionKey:
					this.isReady = change.value === this.#token;
					break;
				case positionKey:
					this.position = Number(change.value);
					break;
				default:
					this.#options.job.restore(change);
					this.restoredCount++;
			}
			if (this.isReady) {
				this.restoreMs = monotonicMs() - this.#fromMs;
				return true;
			}
		}
		return false;
	}

	/** Messages of the input, up to the offset before `to`. Resolves when what came of them is committed. */
	process(messages: readonly Message[], to: number): Promise<void> {
		return this.#next(async () => {
			for (const { offset, value } of messages)
				if (Number(offset) >= this.position && value !== null) this.#options.job.process(value);
			await this.#commit(Math.max(to, this.position));
		});
	}

	/** Others have come so far, and then the input ended at `end`: where nothing of it is left, time goes on here too. */
	waitWith(othersMs: readonly number[], end: number): Promise<void> {
		return this.#next(async () => {
			const before = this.watermarkMs;
			if (this.position < end) return;
			this.#options.job.waitWith(othersMs);
			if (this.watermarkMs > before) await this.#commit(this.position);
		});
	}

	async close(): Promise<void> {
		this.isOver = true;
		this.isReady = false;
		await this.#writer?.close();
	}

	/** After one that has failed there is none: what the job holds by then is not what is committed. */
	#next(work: () => Promise<void>): Promise<void> {
		const next = this.#busy.then(async () => {
			if (!this.isReady) return;
			try {
				await work();
			} catch (error) {
				this.isReady = false;
				throw error;
			}
		});
		this.#busy = next.catch(() => {});
		return next;
	}

	async #commit(to: number): Promise<void> {
		const { partition, group, input, changelog, topicOf, job, onCommitted } = this.#options;
		const { results, changes } = job.take();
		const records: Record<string, Change[]> = {
			[changelog]: [...changes, { key: positionKey, value: String(to) }],
		};
		for (const { to: name, key, value } of results) {
			const topic = topicOf(name);
			records[topic] ??= [];
			records[topic].push({ key, value });
		}
		const progress: Progress = { group, topic: input, position: to, note: noteOf(job.watermarkMs) };
		await this.#writer!.write(records satisfies Records, progress);
		const from = this.position;
		this.position = to;
		onCommitted({ partition, from, to, results });
	}
}
