import { chanceOf } from "../../subjects/streams/chance.ts";
import type { Seeded } from "../../subjects/streams/input-log.ts";
import { decode, type Purchase } from "./purchase.ts";

/** All that says what the n-th message is. Times are event time. */
export interface StreamOptions {
	seed: number;
	users: number;
	partitions: number;
	/** Between two messages as they are received, over all partitions. */
	gapMs: number;
	/** A message is received at most so long after what it tells of. */
	delayMsMax: number;
	/** Share of the messages that repeat an earlier one, in percent. */
	repeatedPct: number;
	/** A repeat comes at most so long after the first. */
	horizonMs: number;
	/** The last partition's messages are received so much behind the first one's. */
	skewMs: number;
	/** So far ahead goes the clock of one user. */
	aheadMs: number;
	/** One partition gets nothing in every second stretch of so many messages. */
	quietCount: number;
}

/** Ids by which the messages are known that end the run: they are of no user's, and not the seed's. */
export const closerPrefix = "closer-";

/** What is received in the beginning. */
export const startMs = Date.UTC(2026, 0, 5);

/** Of a repeated message: one that is sent again at once, or one that waited in its app, and is stamped anew. */
type Repeat = { of: number; stampedAnew: boolean };

/** Nearly all of the horizon, so that no chain of repeats is longer. */
const longest = 0.9;

/** The messages of a seed: the n-th is always the same, whoever asks, so that they can be made again without a log. */
export class PurchaseStream implements Seeded<Purchase> {
	readonly #options: StreamOptions;
	readonly #partitions: readonly number[];
	/** Users that are not in the quiet partition. */
	readonly #others: readonly number[];
	readonly #ahead: number;

	constructor(options: StreamOptions, partitionOf: (key: string) => number) {
		this.#options = options;
		const users = Array.from({ length: options.users }, (_, user) => user);
		this.#partitions = users.map((user) => partitionOf(userName(user)));
		this.#others = users.filter((user) => this.#partitions[user] !== this.quietPartition);
		if (this.#others.length === 0)
			throw new Error(
				`all ${options.users} users are in one partition, which is to be quiet now and then: have more of them`,
			);
		this.#ahead = this.#others[0]!;
	}

	/** The one that is quiet now and then; it has a user in any case. */
	get quietPartition(): number {
		return this.#partitions[0]!;
	}

	/** Who is ten minutes ahead of all others. */
	get userAhead(): string {
		return userName(this.#ahead);
	}

	at(n: number): Purchase {
		const { delayMsMax, aheadMs } = this.#options;
		const repeat = this.#repeatAt(n);
		const first = this.#firstAt(repeat?.of ?? n);
		const receivedMs = this.#receivedMs(n, first.user);
		const ahead = first.user === this.#ahead ? aheadMs : 0;
		const stampedAtMs = receivedMs - Math.round(first.delay * delayMsMax) + ahead;
		const firstReceivedMs = this.#receivedMs(repeat?.of ?? n, first.user);
		const atMs =
			repeat === null || repeat.stampedAnew
				? stampedAtMs
				: stampedAtMs - (receivedMs - firstReceivedMs);
		return {
			id: `p${repeat?.of ?? n}`,
			user: userName(first.user),
			cents: first.cents,
			atMs,
			receivedMs,
		};
	}

	read(value: Buffer): { n: number; isAs(made: Purchase): boolean } | null {
		const { n, sentAtMs, phase, ...said } = decode(value);
		if (said.id.startsWith(closerPrefix)) return null;
		return { n, isAs: (made) => isSame(said, made) };
	}

	partitionAt(n: number): number {
		return this.#partitions[this.#firstAt(this.#repeatAt(n)?.of ?? n).user]!;
	}

	/** Those that some user's purchases go to. */
	get usedPartitions(): ReadonlySet<number> {
		return new Set(this.#partitions);
	}

	/** When the n-th is received by a clock of no partition. */
	nominalMs(n: number): number {
		return startMs + n * this.#options.gapMs;
	}

	isQuiet(n: number): boolean {
		return Math.floor(n / this.#options.quietCount) % 2 === 1;
	}

	#receivedMs(n: number, user: number): number {
		const { partitions, skewMs } = this.#options;
		const share = this.#partitions[user]! / Math.max(1, partitions - 1);
		return Math.round(this.nominalMs(n) - share * skewMs);
	}

	/** What the n-th message is where it repeats none. */
	#firstAt(n: number): { user: number; cents: number; delay: number } {
		const { user: drawn, cents, delay } = this.#drawnAt(n);
		const moves = this.isQuiet(n) && this.#partitions[drawn] === this.quietPartition;
		return { user: moves ? this.#others[drawn % this.#others.length]! : drawn, cents, delay };
	}

	/** Which message the n-th repeats; null where none. */
	#repeatAt(n: number): Repeat | null {
		const { repeatedPct, gapMs, delayMsMax, horizonMs } = this.#options;
		const { repeats, stampedAnew, back } = this.#drawnAt(n);
		if (repeats * 100 >= repeatedPct) return null;
		const backMs = stampedAnew ? (0.25 + back * 0.65) * horizonMs : back * delayMsMax;
		const before = n - Math.max(1, Math.floor(backMs / gapMs));
		if (before < 0) return null;
		const of = this.#repeatAt(before)?.of ?? before;
		const first = this.#firstAt(of);
		const apartMs = (n - of) * gapMs;
		// Not where it would come too late if nobody had seen the first, or later than the first is remembered, or in the
		// quiet.
		if (!stampedAnew && apartMs + first.delay * delayMsMax > delayMsMax) return null;
		if (apartMs > longest * horizonMs) return null;
		if (this.isQuiet(n) && this.#partitions[first.user] === this.quietPartition) return null;
		return { of, stampedAnew };
	}

	#drawnAt(n: number) {
		const chance = chanceOf(this.#options.seed, n);
		return {
			repeats: chance(),
			stampedAnew: chance() < 0.5,
			back: chance(),
			user: Math.floor(chance() * this.#options.users),
			cents: 1 + Math.floor(chance() ** 3 * 50_000),
			delay: delayOf(chance),
		};
	}
}

function isSame(a: Purchase, b: Purchase): boolean {
	return (
		a.id === b.id &&
		a.user === b.user &&
		a.cents === b.cents &&
		a.atMs === b.atMs &&
		a.receivedMs === b.receivedMs
	);
}

export function userName(user: number): string {
	return `user-${user}`;
}

/** A share of the longest delay: most messages come soon, some late, and of these some as late as can be. */
function delayOf(chance: () => number): number {
	const kind = chance();
	const share = chance();
	if (kind < 0.7) return share * 0.02;
	if (kind < 0.95) return share * 0.2;
	return share;
}
