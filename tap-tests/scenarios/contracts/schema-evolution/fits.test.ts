import t from "tap";
import type { Schema } from "../../../../scenarios/contracts/schema-evolution/avro.ts";
import { written } from "../../../../scenarios/contracts/schema-evolution/codec.ts";
import { firstSchema } from "../../../../scenarios/contracts/schema-evolution/first-schema.ts";
import { fits } from "../../../../scenarios/contracts/schema-evolution/fits.ts";
import { proposalsOf } from "../../../../scenarios/contracts/schema-evolution/proposals.ts";
import { drawnValue } from "../../../../scenarios/contracts/schema-evolution/values.ts";
import { chanceOf } from "../../../../scenarios/subjects/streams/chance.ts";

const schemas = [firstSchema, ...proposalsOf(11, 300).map(({ schema }) => schema)];
const bytesOf = (schema: (typeof schemas)[number], n: number) =>
	written(schema, drawnValue(schema, n, chanceOf(7, n)));

t.test("what the library writes by a schema fits it, and a byte more or less does not", (t) => {
	let wrong = 0;
	for (const [n, schema] of schemas.entries()) {
		const bytes = bytesOf(schema, n);
		if (!fits(bytes, schema)) wrong++;
		if (fits(bytes.subarray(0, -1), schema)) wrong++;
		if (fits(Buffer.concat([bytes, Buffer.from([0])]), schema)) wrong++;
	}
	t.equal(wrong, 0);
	t.end();
});

t.test("whatever bytes there are, the answer is there after at most all of them", (t) => {
	const chance = chanceOf(3, 3);
	for (const [n, schema] of schemas.entries()) {
		const bytes = bytesOf(schemas[(n * 7) % schemas.length]!, n);
		for (let flip = 0; flip < 5; flip++)
			bytes[Math.floor(chance() * bytes.length)] = Math.floor(chance() * 256);
		fits(bytes, schema);
	}
	t.pass(`${schemas.length} times`);
	t.end();
});

const badly: [what: string, schema: Schema, bytes: number[]][] = [
	["a list of billions", { type: "array", items: "string" }, [0xfe, 0xff, 0xff, 0xff, 0x7f, 0]],
	["a number without an end", "long", [0xff]],
	["a number of eleven bytes", "long", new Array(11).fill(0xff)],
	["a text of less than nothing", "string", [1]],
	["a text that goes on", "string", [6, 65]],
	["a symbol that there is not", { type: "enum", name: "E", symbols: ["A"] }, [2]],
	["a branch that there is not", ["null", "int"], [4]],
	["a fixed one that is short", { type: "fixed", name: "F", size: 4 }, [1, 2, 3]],
];
for (const [what, schema, bytes] of badly)
	t.test(`${what} fits nothing`, (t) => {
		t.equal(fits(Buffer.from(bytes), schema), false);
		t.end();
	});

t.test("blocks may say their size, and there may be many", (t) => {
	const schema: Schema = { type: "map", values: "int" };
	// −1 item of 3 bytes: "a" is 1; 1 item: "b" is 2; the end.
	t.equal(fits(Buffer.from([1, 6, 2, 97, 2, 2, 2, 98, 4, 0]), schema), true);
	t.end();
});
