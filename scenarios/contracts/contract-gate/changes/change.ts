import type { Stream, Truth } from "faultline";
import type { FileChange } from "../shop/files.ts";
import type { Shop } from "../shop/shop.ts";

/** One thing that a change does to the shop; a release is made of several. */
export interface Part {
	/** `drop column orders.note`. */
	text: string;
	/** What it adds to the change's migration; null where it is not about the database. */
	sql: string | null;
	/** Does the same to what the seed has in mind. */
	apply(shop: Shop): void;
	/** What it breaks of what the contracts or the gate's own rules state; null where nothing is stated. */
	breaks: { place: string[]; rule: string } | null;
	/** It does harm that nothing states. */
	isOutside?: true;
	/** Files that are no part of any shop; and files of a commit before the last, which the last has no more. */
	files?: FileChange[];
	hidden?: FileChange[];
	/** The same with less. */
	smaller?(): Part[];
}

/** How a change is brought to the repository. */
export type Way =
	/** As it should be: proposed, and merged where it passes. */
	| { kind: "proposed" }
	/** Two proposals that are made of the same main and merged one after the other; `second` is what the other does. */
	| { kind: "pair"; second: Part[] }
	/** Main is pushed to, in one of the ways in which nobody may. */
	| { kind: "push"; how: Bypass };

export type Bypass =
	| "direct-commit"
	| "fast-forward"
	| "deletion"
	| "unchecked"
	| "merged-tree"
	| "ref"
	| "path";

/** What somebody wants to become of the repository, and what that is; settled before anybody asks the gate. */
export interface Change {
	n: number;
	kind: string;
	way: Way;
	parts: Part[];
}

/** A kind of change; null where there is nothing in this shop that could be changed so. */
export type Kind = (draw: Stream, shop: Shop, n: number) => Made | null;
export type Made = Part | Part[] | { way: Way; parts: Part[] };

/** What a change is; its first part is what it is about. */
export function truthOf({ parts, way }: Pick<Change, "parts" | "way">): Truth {
	const all = way.kind === "pair" ? [...parts, ...way.second] : parts;
	const broken = all.find(({ breaks }) => breaks !== null)?.breaks;
	if (broken) return { kind: "violating", ...broken };
	return all.some(({ isOutside }) => isOutside) ? { kind: "outside" } : { kind: "harmless" };
}

/** `drop column orders.note, add column orders.f1`. */
export function changeText({ parts, way }: Pick<Change, "parts" | "way">): string {
	const text = (some: readonly Part[]) => some.map(({ text }) => text).join(", ");
	return way.kind === "pair" ? `${text(parts)}; beside it ${text(way.second)}` : text(parts);
}

/** The shop as it is after these parts, with their SQL as one migration. */
export function shopAfter(shop: Shop, parts: readonly Part[], migration: string): Shop {
	const after = structuredClone(shop);
	for (const part of parts) part.apply(after);
	const sql = parts.flatMap((part) => part.sql ?? []);
	if (sql.length > 0) after.migrations[migration] = `${sql.join("\n")}\n`;
	return after;
}

/** `0007_column_dropped`: after all that came before it; `place` tells two of the same change apart. */
export function migrationName({ n, kind }: Pick<Change, "n" | "kind">, place = 0): string {
	return `${String(10 + 2 * n + place).padStart(4, "0")}_${kind.replaceAll("-", "_")}`;
}
