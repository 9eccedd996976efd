import { chanceOf } from "../../subjects/streams/chance.ts";
import type { Seeded } from "../../subjects/streams/input-log.ts";
import { type Activity, decode } from "./activity.ts";

/** All that says what the n-th message is. Times are event time. */
export interface StreamOptions {
	seed: number;
	users: number;
	/** Between two messages as they are received, over all partitions. */
	gapMs: number;
}

/** What is received in the beginning. */
export const startMs = Date.UTC(2026, 0, 5);
/** No app keeps anything for longer before it sends it. */
export const delayMsMax = 3_600_000;
/** Ids by which the messages are known that end the run: they are of no user's, and not the seed's. */
export const closerPrefix = "closer-";

/** The messages of a seed: the n-th is always the same, whoever asks, so that they can be made again without a log. */
export class ActivityStream implements Seeded<Activity> {
	readonly #options: StreamOptions;
	readonly #partitions: readonly number[];

	constructor(options: StreamOptions, partitionOf: (key: string) => number) {
		this.#options = options;
		const users = Array.from({ length: options.users }, (_, user) => userName(user));
		this.#partitions = users.map(partitionOf);
	}

	at(n: number): Activity {
		const { user, isPurchase, cents, delayMs } = this.#drawnAt(n);
		const receivedMs = startMs + n * this.#options.gapMs;
		return {
			id: `a${n}`,
			user: userName(user),
			kind: isPurchase ? "purchase" : "view",
			cents: isPurchase ? cents : 0,
			atMs: receivedMs - delayMs,
			receivedMs,
		};
	}

	partitionAt(n: number): number {
		return this.#partitions[this.#drawnAt(n).user]!;
	}

	/** Those that some user's activities go to. */
	get usedPartitions(): ReadonlySet<number> {
		return new Set(this.#partitions);
	}

	read(value: Buffer): { n: number; isAs(made: Activity): boolean } | null {
		const { n, sentAtMs, phase, ...said } = decode(value);
		if (said.id.startsWith(closerPrefix)) return null;
		return { n, isAs: (made) => isSame(said, made) };
	}

	#drawnAt(n: number) {
		const chance = chanceOf(this.#options.seed, n);
		return {
			user: Math.floor(chance() * this.#options.users),
			isPurchase: chance() < 0.3,
			cents: 1 + Math.floor(chance() ** 3 * 50_000),
			delayMs: delayOf(chance),
		};
	}
}

export function userName(user: number): string {
	return `user-${user}`;
}

function isSame(a: Activity, b: Activity): boolean {
	return (
		a.id === b.id &&
		a.user === b.user &&
		a.kind === b.kind &&
		a.cents === b.cents &&
		a.atMs === b.atMs &&
		a.receivedMs === b.receivedMs
	);
}

/**
 * How long an app takes to send: most soon, some from a slow network, and a few when their phone is online again, which
 * takes half a minute or, ever more rarely, ever longer.
 */
function delayOf(chance: () => number): number {
	const kind = chance();
	const drawn = 1 - chance();
	if (kind < 0.8) return Math.round(-Math.log(drawn) * 1_000);
	if (kind < 0.95) return Math.round(-Math.log(drawn) * 20_000);
	return Math.min(delayMsMax, Math.round(30_000 / drawn));
}
