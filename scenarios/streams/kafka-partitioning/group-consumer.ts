import { appendFileSync } from "node:fs";
import { LatencyCounts, monotonicMs } from "faultline/subject";
import { GroupMember } from "./member.ts";
import { decode, type Message, phases } from "./message.ts";
import { PartitionWork } from "./partition-work.ts";
import { type Line, type PartLine, recordFile } from "./record.ts";

export interface ConsumerOptions {
	brokers: string[];
	topic: string;
	group: string;
	name: string;
	sessionTimeoutMs: number;
	/** Ready is who has no more of the partitions than this. */
	partitionsMax: number;
	costMs: number;
	commitMs: number;
	/** How many keys there are, where their order is to be looked at. */
	keys: number | null;
	/** How much longer each message of a partition takes for now, µs. */
	extraUs(partition: number): number;
}

/** Longer than this a process does not take over one turn: it was stopped. */
const stoodStillMs = 100;
/** So much of its latencies a consumer that is killed takes with it. */
const tellEveryMs = 500;
/** Work that is fetched ahead of its time, at most. */
const aheadMs = 200;

/**
 * One member's work: on each of its partitions one message after another, each for its cost. Every commit interval it
 * writes down what it has done and commits it.
 */
export class GroupConsumer {
	readonly #options: ConsumerOptions;
	#member!: GroupMember;
	readonly #aheadCount: number;
	#session = 0;
	readonly #works = new Map<number, PartitionWork>();
	#regressionCount = 0;
	#refusedCount = 0;
	readonly #latencies = new Map<number, LatencyCounts>();
	#toldAtMs = monotonicMs();
	#stopped = false;
	#advancedAtMs = monotonicMs();
	#timer: NodeJS.Timeout | null = null;
	readonly #commits: NodeJS.Timeout;
	#committing: Promise<void> = Promise.resolve();
	#waiting = false;

	private constructor(options: ConsumerOptions) {
		this.#options = options;
		this.#aheadCount = options.costMs > 0 ? aheadMs / options.costMs : Number.POSITIVE_INFINITY;
		this.#commits = setInterval(() => void this.#commit(), options.commitMs);
	}

	/** Resolves when it has its part of the partitions. */
	static async join(options: ConsumerOptions): Promise<GroupConsumer> {
		const consumer = new GroupConsumer(options);
		const { brokers, topic, group, name, sessionTimeoutMs, partitionsMax } = options;
		consumer.#member = await GroupMember.join({
			brokers,
			topic,
			group,
			name,
			sessionTimeoutMs,
			partitionsMax,
			heartbeatMs: 50,
			onAssigned: () => {
				consumer.#session++;
				consumer.#works.clear();
			},
			onMessages: (partition, messages) => {
				const arrivals = messages.map(({ offset, value }) => ({ offset, message: decode(value) }));
				consumer.#take(partition, arrivals);
			},
		});
		return consumer;
	}

	/** Which assignment it has, counted from 1, and the partitions that it has worked on. */
	get view(): { session: number; partitions: number[] } {
		return { session: this.#session, partitions: [...this.#works.keys()] };
	}

	/** Ends the work, commits what was done and leaves the group. */
	async stop(): Promise<void> {
		if (this.#stopped) return this.#committing;
		this.#stopped = true;
		if (this.#timer !== null) clearTimeout(this.#timer);
		clearInterval(this.#commits);
		await this.#commit();
		// A refusal of the last commit is in no line yet.
		if (this.#refusedCount > 0) this.#write([]);
		this.#committing = this.#member.close();
		await this.#committing;
	}

	#take(partition: number, arrivals: { offset: number; message: Message }[]): void {
		if (this.#stopped) return;
		let work = this.#works.get(partition);
		if (work === undefined) {
			const { keys } = this.#options;
			work = new PartitionWork({
				partition,
				session: this.#session,
				from: arrivals[0]!.offset,
				keys,
				onProcessed: (message, endMs) => this.#processed(message, endMs),
				onRegression: () => {
					this.#regressionCount++;
				},
			});
			this.#works.set(partition, work);
		}
		work.take(arrivals, monotonicMs());
		if (this.#timer === null) this.#advancedAtMs = monotonicMs(); // it had nothing to do
		this.#advance();
	}

	#processed({ intendedAtMs, phase }: Message, endMs: number): void {
		let latency = this.#latencies.get(phase);
		if (latency === undefined) {
			latency = new LatencyCounts();
			this.#latencies.set(phase, latency);
		}
		latency.recordMs(endMs - intendedAtMs);
	}

	/** Works off what is due, and comes back when the next is. */
	#advance(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		if (this.#stopped) return;
		const nowMs = monotonicMs();
		if (nowMs - this.#advancedAtMs > stoodStillMs)
			for (const work of this.#works.values())
				if (work.waitingCount > 0) work.stoodStill(this.#advancedAtMs, nowMs);
		this.#advancedAtMs = nowMs;
		const { costMs, extraUs } = this.#options;
		let nextMs = Number.POSITIVE_INFINITY;
		for (const work of this.#works.values()) {
			const partCostMs = costMs + extraUs(work.partition) / 1_000;
			nextMs = Math.min(nextMs, work.advance(nowMs, partCostMs) ?? nextMs);
			this.#member.setFetching(work.partition, work.waitingCount <= this.#aheadCount);
		}
		if (nextMs === Number.POSITIVE_INFINITY) return;
		// Often enough that waiting alone is no standing still.
		const waitMs = Math.min(stoodStillMs / 2, Math.max(1, nextMs - nowMs));
		this.#timer = setTimeout(() => this.#advance(), waitMs);
	}

	/** One after another: what the broker has is always what the last line says, or what it says was committed before. */
	#commit(): Promise<void> {
		if (!this.#waiting) {
			this.#waiting = true;
			this.#committing = this.#committing.then(() => {
				this.#waiting = false;
				return this.#commitNow();
			});
		}
		return this.#committing;
	}

	async #commitNow(): Promise<void> {
		const owned = [...this.#works.values()];
		const parts = owned.flatMap((work) => work.takeLine() ?? []);
		const open = owned.filter((work) => work.recorded > work.committed);
		if (open.length === 0 && !this.#stopped) return;
		this.#write(parts);
		const offsets = open.map(({ partition, recorded }) => ({ partition, offset: recorded }));
		if (offsets.length === 0) return;
		if (await this.#member.commit(offsets)) {
			for (const [i, work] of open.entries()) work.committed = offsets[i]!.offset;
		} else this.#refusedCount++;
	}

	#write(parts: PartLine[]): void {
		const line: Line = {
			atMs: monotonicMs(),
			pid: process.pid,
			parts,
			regressionCount: this.#regressionCount,
			refusedCount: this.#refusedCount,
			latency: this.#takeLatencies(),
		};
		appendFileSync(recordFile, `${JSON.stringify(line)}\n`);
	}

	/** They are not in every line, which would be longer by them; those of before are not lost. */
	#takeLatencies(): Line["latency"] {
		const nowMs = monotonicMs();
		if (!this.#stopped && nowMs - this.#toldAtMs < tellEveryMs) return {};
		this.#toldAtMs = nowMs;
		return Object.fromEntries(
			[...this.#latencies].map(([phase, counts]) => [phases[phase], counts.entries]),
		);
	}
}
