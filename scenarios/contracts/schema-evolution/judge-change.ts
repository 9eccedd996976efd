import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { RecordSchema } from "./avro.ts";
import { formats, refusal } from "./refusal.ts";
import { type Rule, rules } from "./rules.ts";

// The registry's verdict without a registry: which of these schemas, the last of them, may follow the others?
//
//   node judge-change.ts --rule FULL_TRANSITIVE --formats Avro,Parquet v1.avsc v2.avsc v3.avsc
//
// Exit code 0 where it may, 1 with the place and the rule where it may not.

const { values, positionals } = parseArgs({
	options: {
		rule: { type: "string", default: "BACKWARD" },
		formats: { type: "string", default: formats.join() },
	},
	allowPositionals: true,
});
const rule = rules.find((one) => one === values.rule) satisfies Rule | undefined;
const asked = values.formats.split(",");
const inUse = formats.filter((format) => asked.includes(format));
if (rule === undefined || inUse.length < asked.length || positionals.length < 2) {
	console.error(
		`usage: node judge-change.ts --rule ${rules.join("|")} --formats ${formats.join()} OLDEST.avsc … NEW.avsc`,
	);
	process.exit(2);
}
const schemas = positionals.map((file) => JSON.parse(readFileSync(file, "utf8")) as RecordSchema);
const why = refusal(rule, schemas.slice(0, -1), schemas.at(-1)!, inUse);
console.log(why ?? `${positionals.at(-1)} may follow, by ${rule}`);
process.exitCode = why === null ? 0 : 1;
