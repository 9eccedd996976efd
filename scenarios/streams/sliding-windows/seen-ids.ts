// Which events have been seen, for as long as one may come again. Pure.

/** Ids are let go of by the bucket: each bucket is a record of the changelog. */
const bucketMs = 60_000;

/** The watermark from which on none of a bucket's ids can come again. */
export function goneFrom(bucketStartMs: number, horizonMs: number): number {
	return bucketStartMs + bucketMs + horizonMs;
}

/** A user's ids of one bucket. */
interface Bucket {
	user: string;
	startMs: number;
	ids: string[];
}

/** The ids of events, by user, until the watermark is `horizonMs` beyond the time that they proved. */
export class SeenIds {
	readonly #horizonMs: number;
	readonly #buckets = new Map<string, Bucket>();
	readonly #ids = new Map<string, Set<string>>();

	constructor(horizonMs: number) {
		this.#horizonMs = horizonMs;
	}

	/** The bucket that the id is in now; null where it had been seen already. */
	add(user: string, id: string, provenMs: number): string | null {
		const ids = this.#ids.get(user) ?? new Set();
		if (ids.has(id)) return null;
		ids.add(id);
		this.#ids.set(user, ids);
		const startMs = Math.floor(provenMs / bucketMs) * bucketMs;
		const key = `${startMs}/${user}`;
		const bucket = this.#buckets.get(key);
		if (bucket === undefined) this.#buckets.set(key, { user, startMs, ids: [id] });
		else bucket.ids.push(id);
		return key;
	}

	/** The ids of a bucket; none of one that is not there. */
	in(key: string): readonly string[] {
		return this.#buckets.get(key)?.ids ?? [];
	}

	restore(key: string, ids: readonly string[]): void {
		this.#forget(key);
		const slash = key.indexOf("/");
		for (const id of ids) this.add(key.slice(slash + 1), id, Number(key.slice(0, slash)));
	}

	/** Lets go of what can't come again; the buckets that are gone. */
	expire(watermarkMs: number): string[] {
		const gone: string[] = [];
		for (const [key, { startMs }] of this.#buckets)
			if (goneFrom(startMs, this.#horizonMs) <= watermarkMs) gone.push(key);
		for (const key of gone) this.#forget(key);
		return gone;
	}

	#forget(key: string): void {
		const bucket = this.#buckets.get(key);
		if (bucket === undefined) return;
		const ids = this.#ids.get(bucket.user);
		for (const id of bucket.ids) ids?.delete(id);
		if (ids?.size === 0) this.#ids.delete(bucket.user);
		this.#buckets.delete(key);
	}
}
