import { parquetReadObjects } from "hyparquet";
import type { Line } from "./line.ts";
import type { Place } from "./place.ts";

/** The actions of a table's last checkpoint, and the version that it is of; null where the log has none. */
export async function checkpointLines(
	place: Place,
	log: string,
): Promise<{ version: number; lines: Line[] } | null> {
	const names = await place.names(log, "_last_checkpoin");
	if (!names.includes("_last_checkpoint")) return null;
	const last = JSON.parse(String(await place.read(`${log}/_last_checkpoint`))) as {
		version: number;
		parts?: number;
	};
	if (last.parts !== undefined)
		throw new Error(`the checkpoint of ${log} lies in ${last.parts} parts, which is not read here`);
	const name = `${String(last.version).padStart(20, "0")}.checkpoint.parquet`;
	const file = Uint8Array.from(await place.read(`${log}/${name}`)).buffer;
	const rows = await parquetReadObjects({ file });
	return { version: last.version, lines: rows.map(lineOf) };
}

/** A row has one of the columns, and numbers of 64 bits are BigInts in it. */
function lineOf(row: Record<string, unknown>): Line {
	return JSON.parse(
		JSON.stringify(row, (_name, value) =>
			typeof value === "bigint" ? Number(value) : (value ?? undefined),
		),
	) as Line;
}
