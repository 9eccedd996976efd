import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { shopOf } from "./source.ts";
import { shopSql, sourceSchema } from "./tables.ts";

// The sample that the dbt project is tried with where no testbed is, as in its workflow. Run by itself, this writes it.

const sampleFile = new URL("dbt/sample/raw.sql", import.meta.url);

export function sampleSql(): string {
	const head = `-- A shop of 120 orders, all loaded now. Replaces the schema "${sourceSchema}".\n`;
	return `${head}${shopSql(sourceSchema, shopOf(1, 120)).join(";\n")};\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(sampleFile, sampleSql());
