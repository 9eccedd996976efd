import { stream } from "faultline";
import { chanceOf } from "../../subjects/streams/chance.ts";
import type { RecordSchema } from "./avro.ts";
import { type ChangeName, changeNames, changes } from "./changes.ts";
import { firstSchema } from "./first-schema.ts";
import { fileOf, openFile } from "./parquet/file.ts";
import { rowReaderOf } from "./parquet/resolution.ts";
import { type Format, formats, obstacleIn } from "./refusal.ts";
import { drawnValue } from "./values.ts";

// Which changes one format takes and the other does not: `node measure-formats.ts`.

const rowsCount = 20;

/** Of so many draws of a change, in how many data can be read, and in how many of those by Parquet some value can't. */
type Counts = Record<Format, number> & { unread: number };
export interface Compared {
	draws: number;
	/** By the new schema what the old has written. */
	backward: Counts;
	/** By the old one what the new has written. */
	forward: Counts;
}

export async function compared(change: ChangeName, drawsCount = 20): Promise<Compared> {
	const nexts = Array.from({ length: drawsCount }, (_, seed) => {
		const next = structuredClone(firstSchema);
		return changes[change](stream(seed, change), next) ? next : null;
	}).filter((next) => next !== null);
	// Many draws of a change are the same one.
	const drawn = [...Map.groupBy(nexts, (next) => JSON.stringify(next)).values()];
	const both = async (ways: (next: RecordSchema) => [RecordSchema, RecordSchema]) => {
		const counts = { Avro: 0, Parquet: 0, unread: 0 };
		for (const same of drawn) {
			const [reader, writer] = ways(same[0]!);
			for (const format of formats) {
				if (!isReadable(format, reader, writer)) continue;
				counts[format] += same.length;
				if (format === "Parquet" && !(await readsValues(reader, writer)))
					counts.unread += same.length;
			}
		}
		return counts;
	};
	return {
		draws: nexts.length,
		backward: await both((next) => [next, firstSchema]),
		forward: await both((next) => [firstSchema, next]),
	};
}

function isReadable(format: Format, reader: RecordSchema, writer: RecordSchema): boolean {
	const isWritable = [reader, writer].every((one) => obstacleIn(format, one, one) === null);
	return isWritable && obstacleIn(format, reader, writer) === null;
}

/** Whether the values of a file can be read, of which its columns say that they can. */
async function readsValues(reader: RecordSchema, writer: RecordSchema): Promise<boolean> {
	const entry = { id: 1, subject: "measured", version: 1, schema: writer };
	const values = Array.from({ length: rowsCount }, (_, n) => drawnValue(writer, n, chanceOf(1, n)));
	const { columns, rows } = await openFile(fileOf(entry, values));
	try {
		rows.forEach(rowReaderOf(reader, columns));
		return true;
	} catch {
		return false;
	}
}

/** Whether the formats part ways over it. */
export function areApart({ backward, forward }: Compared): boolean {
	return [backward, forward].some(({ Avro, Parquet }) => Avro !== Parquet);
}

if (import.meta.main) {
	console.log("| change | new reads old: Avro | Parquet | old reads new: Avro | Parquet |");
	console.log("|---|---|---|---|---|");
	for (const change of changeNames) {
		const all = await compared(change);
		if (!areApart(all)) continue;
		const text = (count: number) =>
			count === all.draws ? "yes" : count === 0 ? "no" : `${count} of ${all.draws}`;
		const cells = [all.backward, all.forward].flatMap(({ Avro, Parquet, unread }) => [
			text(Avro),
			unread === 0
				? text(Parquet)
				: `${text(Parquet)}, and a value fails in ${unread} of ${Parquet}`,
		]);
		console.log(`| \`${change}\` | ${cells.join(" | ")} |`);
	}
}
