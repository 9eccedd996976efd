import type { Tier } from "./tiers.ts";

/** What a read found, as it goes into the journal; times by the machine's monotonic clock. */
export interface ReadReceipt {
	object: number;
	version: number;
	tier: Tier;
	/** The bytes are those of that version. */
	whole: boolean;
	fromMs: number;
	toMs: number;
	interrupted: number;
}

/** How an action went. */
export interface ActionReceipt {
	fromMs: number;
	toMs: number;
	interrupted: number;
}

/** A version of an object, and when it was being written. */
export interface Writing {
	object: number;
	version: number;
	fromMs: number;
	/** When its writer was told that it is there; infinite where it never was. */
	toldMs: number;
}

/**
 * Reads of a version that was not there then: older than one of which the writer had been told before the read began, or
 * newer than any whose writing had begun by its end.
 */
export function staleReads(
	reads: readonly ReadReceipt[],
	writings: readonly Writing[],
): ReadReceipt[] {
	const byObject = Map.groupBy(writings, ({ object }) => object);
	return reads.filter(({ object, version, fromMs, toMs }) => {
		const ofOne = byObject.get(object) ?? [];
		const oldest = Math.max(
			1,
			...ofOne.filter(({ toldMs }) => toldMs <= fromMs).map((written) => written.version),
		);
		const newest = Math.max(
			1,
			...ofOne.filter((written) => written.fromMs <= toMs).map((written) => written.version),
		);
		return version < oldest || version > newest;
	});
}

/** The value that this share of sorted values does not exceed; null of none. */
export function quantileOf(sorted: readonly number[], share: number): number | null {
	if (sorted.length === 0) return null;
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
