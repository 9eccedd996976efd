import type { RecordSchema } from "./avro.ts";

/** A schema that the registry has accepted. */
export type Entry = {
	id: number;
	subject: string;
	/** From 1, of its subject. */
	version: number;
	schema: RecordSchema;
};

/** Where the registry keeps them, a line each. */
export const registryFile = "schemas.ndjson";
