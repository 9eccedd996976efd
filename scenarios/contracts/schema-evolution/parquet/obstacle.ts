import type { RecordSchema } from "../avro.ts";
import { columnsOf } from "./columns.ts";
import { rowReaderOf } from "./resolution.ts";
import { Unfit } from "./unfit.ts";

/** What is in the way of reading a writer's columns, in words that name place and rule; null where nothing is. */
export function columnObstacle(reader: RecordSchema, writer: RecordSchema): string | null {
	try {
		rowReaderOf(reader, columnsOf(writer));
		return null;
	} catch (error) {
		if (error instanceof Unfit) return error.message;
		throw error;
	}
}
