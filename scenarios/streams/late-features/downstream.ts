import { type FeatureRecord, featureKey } from "./feature-record.ts";
import type { Features } from "./features.ts";

// Two consumers of features and their corrections. Each ends with the same values in whatever order it reads the records,
// and however often it reads one of them. Pure.

/** The last value of each feature: what a feature store keeps. */
export class LatestFeatures {
	readonly #latest = new Map<string, FeatureRecord>();

	apply(record: FeatureRecord): void {
		// The version that takes its place is on its way, or was there already.
		if (record.op === "retract") return;
		const key = featureKey(record.startMs, record.user);
		const known = this.#latest.get(key);
		if (known === undefined || known.version < record.version) this.#latest.set(key, record);
	}

	get values(): ReadonlyMap<string, FeatureRecord> {
		return this.#latest;
	}
}

/** Sums over all windows of each user, by adding what is asserted and taking off what is retracted. */
export class Totals {
	readonly #seen = new Set<string>();
	readonly #totals = new Map<string, Total>();

	apply(record: FeatureRecord): void {
		const { op, version, user, startMs } = record;
		const id = `${featureKey(startMs, user)} ${version} ${op}`;
		if (this.#seen.has(id)) return;
		this.#seen.add(id);
		const sign = op === "assert" ? 1 : -1;
		const total = this.#totals.get(user) ?? { views: 0, purchases: 0, spent_cents: 0 };
		total.views += sign * record.views;
		total.purchases += sign * record.purchases;
		total.spent_cents += sign * record.spent_cents;
		this.#totals.set(user, total);
	}

	get values(): ReadonlyMap<string, Total> {
		return this.#totals;
	}
}

export type Total = Pick<Features, "views" | "purchases" | "spent_cents">;
