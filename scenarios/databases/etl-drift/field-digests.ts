import { createHash } from "node:crypto";

/** By field, a sum over all rows of what the field holds at which key, so that sides which differ say where. */
export type FieldDigests = Record<string, string>;

const mask = (1n << 64n) - 1n;

/** Order-free; a value that is missing is not an empty one. */
export async function fieldDigests(
	rows: Iterable<FieldRow> | AsyncIterable<FieldRow>,
	fields: readonly string[],
): Promise<{ rowCount: number; digests: FieldDigests }> {
	const sums = fields.map(() => 0n);
	let rowCount = 0;
	for await (const { key, value } of rows) {
		rowCount++;
		for (const [i, field] of fields.entries()) {
			const cell = value(field);
			const hash = createHash("sha1")
				.update(cell === null ? `${key}` : `${key}=${cell}`)
				.digest();
			sums[i] = (sums[i]! + hash.readBigUInt64BE()) & mask;
		}
	}
	return {
		rowCount,
		digests: Object.fromEntries(fields.map((field, i) => [field, sums[i]!.toString(16)])),
	};
}

/** A row by its key, and what it holds. */
export interface FieldRow {
	key: string;
	value(field: string): string | null;
}
