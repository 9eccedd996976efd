import type { Activity } from "./activity.ts";

// What is known of a user in a window of event time. Pure, and the same in whatever order activities come.

/** Sums from which features are made, and the activity that happened last. */
export interface Sums {
	views: number;
	purchases: number;
	cents: number;
	lastAtMs: number;
	/** Of two that happened at once, the one of the greater id is the last. */
	lastId: string;
	lastKind: Activity["kind"];
}

/** The features, as models read them. */
export type Features = {
	views: number;
	purchases: number;
	spent_cents: number;
	last_kind: Activity["kind"];
	/** Purchases of all that was done. */
	purchase_ratio: number;
};

export const nothingYet: Sums = {
	views: 0,
	purchases: 0,
	cents: 0,
	lastAtMs: Number.NEGATIVE_INFINITY,
	lastId: "",
	lastKind: "view",
};

export function withOne(sums: Sums, { id, kind, cents, atMs }: Activity): Sums {
	const isLast = atMs > sums.lastAtMs || (atMs === sums.lastAtMs && id > sums.lastId);
	return {
		views: sums.views + (kind === "view" ? 1 : 0),
		purchases: sums.purchases + (kind === "purchase" ? 1 : 0),
		cents: sums.cents + cents,
		lastAtMs: isLast ? atMs : sums.lastAtMs,
		lastId: isLast ? id : sums.lastId,
		lastKind: isLast ? kind : sums.lastKind,
	};
}

export function featuresOf({ views, purchases, cents, lastKind }: Sums): Features {
	return {
		views,
		purchases,
		spent_cents: cents,
		last_kind: lastKind,
		purchase_ratio: purchases / (views + purchases),
	};
}

/** The start of the window that a time is in; windows begin at whole multiples of their size. */
export function windowOf(atMs: number, windowMs: number): number {
	return Math.floor(atMs / windowMs) * windowMs;
}
