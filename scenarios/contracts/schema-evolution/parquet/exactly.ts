import type { Cell } from "./cells.ts";
import { Unfit } from "./unfit.ts";

// Cells as plain values, and none of them as another: what would not be the same throws an `Unfit`.

/** A number as a double has it, as which plain data has all numbers. */
export function doubleOf(cell: Cell, place: readonly string[]): number {
	const value = Number(cell);
	if (typeof cell === "bigint" && BigInt(value) !== cell) throw lossy(cell, "double", place);
	return value;
}

/** A number as a float has it. */
export function floatOf(cell: Cell, place: readonly string[]): number {
	const value = doubleOf(cell, place);
	if (Number.isFinite(value) && Math.fround(value) !== value) throw lossy(value, "float", place);
	return value;
}

function lossy(cell: number | bigint, type: string, place: readonly string[]): Unfit {
	return new Unfit(place, "value-lost", `${cell} would be another number as a ${type}`);
}

/** A text; throws where its bytes are none. */
export function textOf(cell: Cell): string {
	return typeof cell === "string" ? cell : strict.decode(cell as Uint8Array);
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes of a text, or of bytes. */
export function bytesOf(cell: Cell): Buffer {
	return typeof cell === "string" ? Buffer.from(cell) : Buffer.from(cell as Uint8Array);
}
