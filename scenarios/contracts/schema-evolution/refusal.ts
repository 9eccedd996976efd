import type { RecordSchema } from "./avro.ts";
import { obstacle } from "./compatibility.ts";
import { columnObstacle } from "./parquet/obstacle.ts";
import { isPromised, type Rule } from "./rules.ts";

const obstacles = { Avro: obstacle, Parquet: columnObstacle };

/** What values of a subject are kept in: messages in the one, their archive in the other. */
export type Format = keyof typeof obstacles;
export const formats = Object.keys(obstacles) as Format[];

/** What is in the way of a reader in a format, in words that name place and rule; null where nothing is. */
export function obstacleIn(
	format: Format,
	reader: RecordSchema,
	writer: RecordSchema,
): string | null {
	return obstacles[format](reader, writer);
}

/**
 * Why a schema may not become the next version, where it may not: that it can't be written at all, or which version could
 * not be read by whom, in one of the formats in use. Versions are in their order, and numbered from 1.
 */
export function refusal(
	rule: Rule,
	versions: readonly RecordSchema[],
	next: RecordSchema,
	inUse: readonly Format[] = formats,
): string | null {
	const inTheWay = (reader: RecordSchema, writer: RecordSchema) => {
		for (const format of inUse) {
			const found = obstacleIn(format, reader, writer);
			if (found !== null) return `in ${format}: ${found}`;
		}
		return null;
	};
	const itself = inTheWay(next, next);
	if (itself !== null) return `${rule}: this schema can't be written ${itself}`;
	const place = versions.length;
	for (const [other, schema] of [...versions.entries()].reverse()) {
		const backward = isPromised(rule, place, other) ? inTheWay(next, schema) : null;
		if (backward !== null)
			return `${rule}: this schema can't read version ${other + 1} ${backward}`;
		const forward = isPromised(rule, other, place) ? inTheWay(schema, next) : null;
		if (forward !== null) return `${rule}: version ${other + 1} can't read this schema ${forward}`;
	}
	return null;
}
