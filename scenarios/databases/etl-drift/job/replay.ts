import { parseArgs } from "node:util";
import { replay } from "./log.ts";
import { withConnections } from "./order.ts";
import { quoted } from "./shape.ts";

// Makes a table again by the log alone: `node replay.ts --target postgres://… --into schema.table --key order_id`. The table
// must not be there yet.

const { values } = parseArgs({
	options: { target: { type: "string" }, into: { type: "string" }, key: { type: "string" } },
});
const { target, into, key } = values;
if (target === undefined || into === undefined || key === undefined)
	throw new Error("replay.ts --target postgres://… --into schema.table --key column");
const [schema, table] = into.split(".");
if (schema === undefined || table === undefined)
	throw new Error(`--into is schema.table, and not "${into}"`);
await withConnections([target], async (query) => {
	await query!(`create schema if not exists ${quoted(schema)}`);
	await replay(query!, quoted(schema, table), key);
});
console.log(`${into} is as the log says`);
