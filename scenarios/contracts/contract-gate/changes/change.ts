import type { Stream, Truth } from "faultline";
import type { FileChange } from "../../../subjects/forge/file-change.ts";
import {
	migrationOfParts,
	partsText,
	type Part as StatedPart,
	truthOfParts,
} from "../../../subjects/gate/part.ts";
import type { Shop } from "../shop/shop.ts";

/** One thing that a change does to the shop. */
export interface Part extends StatedPart<Shop> {
	/** Files that are no part of any shop; and files of a commit before the last, which the last has no more. */
	files?: FileChange[];
	hidden?: FileChange[];
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
	return truthOfParts(way.kind === "pair" ? [...parts, ...way.second] : parts);
}

/** `drop column orders.note, add column orders.f1`. */
export function changeText({ parts, way }: Pick<Change, "parts" | "way">): string {
	return way.kind === "pair"
		? `${partsText(parts)}; beside it ${partsText(way.second)}`
		: partsText(parts);
}

/** The shop as it is after these parts, with their SQL as one migration. */
export function shopAfter(shop: Shop, parts: readonly Part[], migration: string): Shop {
	const after = structuredClone(shop);
	for (const part of parts) part.apply(after);
	const sql = migrationOfParts(parts);
	if (sql !== null) after.migrations[migration] = sql;
	return after;
}

/** `0007_column_dropped`: after all that came before it; `place` tells two of the same change apart. */
export function migrationName({ n, kind }: Pick<Change, "n" | "kind">, place = 0): string {
	return `${String(10 + 2 * n + place).padStart(4, "0")}_${kind.replaceAll("-", "_")}`;
}
