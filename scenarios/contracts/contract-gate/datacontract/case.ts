import { migrationName, shopAfter } from "../changes/change.ts";
import type { Planned } from "../changes/changes.ts";
import type { Shop } from "../shop/shop.ts";

/** What main would hold with all that a change proposes, right or wrong. */
export interface Proposed {
	shop: Shop;
	/** What leads there: the migrations that main has, and after them those that come. */
	migrations: string[];
	models: Record<string, string>;
}

/** Null of a push, which proposes nothing. */
export function proposedBy(change: Planned): Proposed | null {
	const { before, parts, way } = change;
	const first = shopAfter(before, parts, migrationName(change));
	switch (way.kind) {
		case "proposed":
			return proposed(before, first);
		case "pair":
			return proposed(before, shopAfter(first, way.second, migrationName(change, 1)));
		case "push":
			return null;
		default:
			return way satisfies never;
	}
}

function proposed(before: Shop, shop: Shop): Proposed {
	const there = Object.keys(before.migrations).sort();
	const coming = Object.keys(shop.migrations)
		.filter((name) => before.migrations[name] === undefined)
		.sort();
	return {
		shop,
		migrations: [
			...there.map((name) => before.migrations[name]!),
			...coming.map((name) => shop.migrations[name]!),
		],
		models: shop.models,
	};
}
