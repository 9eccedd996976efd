import t, { type Test } from "tap";
import { queryOperations, readStatements } from "../../load/statement-file.ts";

function read(t: Test, text: string | Buffer) {
	const folder = t.testdir({ "a.sql": text });
	return readStatements(`${folder}/a.sql`);
}

t.test("values of JSON arrive as Postgres reads them, with all their digits", async (t) => {
	const rows: [json: string, value: string | null, why: string][] = [
		["null", null, "NULL, not a text"],
		['"null"', "null", "a text"],
		['""', "", "the empty text is not NULL"],
		["9007199254740993", "9007199254740993", "more than 53 bits"],
		["-1.10", "-1.10", "as written"],
		["1e400", "1e400", "more than a double holds"],
		["true", "true", "boolean"],
		[
			'{"k":1,"big":9007199254740993,"s":"é\\"","a":[null,{}]}',
			'{"k":1,"big":9007199254740993,"s":"é\\"","a":[null,{}]}',
			"an object is JSON",
		],
		["[1,2]", "{1,2}", "an array"],
		["[]", "{}", "an empty array"],
		["[[1,null],[true,9007199254740993]]", "{{1,NULL},{true,9007199254740993}}", "of arrays"],
		['["a","","null","b\\"c\\\\d,{n}"]', '{"a","","null","b\\"c\\\\d,{n}"}', "of texts"],
		['[{"k":"v"}]', '{"{\\"k\\":\\"v\\"}"}', "of objects"],
	];
	for (const [json, value, why] of rows)
		t.same(read(t, `{"text":"x","values":[${json}]}`), [{ text: "x", values: [value] }], why);
});

t.test("what can't be sent or is not understood is refused with its place", async (t) => {
	const rows: [text: string | Buffer, message: RegExp][] = [
		['select 1\n{"text":"x","values":[1,"a\\u0000"]}', /line 2 of .*a\.sql: value 2 has a NUL/],
		['{"text":"x","values":[["\\ud800"]]}', /line 1 of .*: value 1 has half of a character/],
		['{"text":"x","value":[1]}', /line 1 of .*: "value" is not understood/],
		['{"text":"x","values":{"a":1}}', /line 1 of .*: its "values" are no array/],
		['{"text":1}', /needs a "text", a string/],
		['{"text":" -- only this"}', /its "text" has no statement/],
		['{"text":"a; b","values":[1]}', /its "text" has 2 statements: whose are the values/],
		[`{"text":"x","values":[${"0,".repeat(65_535)}0]}`, /65536 values; Postgres takes 65535/],
		['{"text":', /line 1 of/],
		[Buffer.from("select 'é'", "latin1"), /is not UTF-8/],
		["x\nbegin\ny", /line 2 of .*: "begin" without a commit after it/],
		["x\ncommit", /line 2 of .*: "commit" without a begin before it/],
		["x\nselect '{n}'", /line 2 of .*: SQL is no template, and "{n}" stands in it/],
		['{"text":"x {random(1, 2)}"}', /line 1 of .*: SQL is no template/],
		["begin\nbegin\ncommit", /line 2 of .*: "begin" in the transaction that began in line 1/],
	];
	for (const [text, message] of rows)
		t.throws(() => read(t, text), { code: "FLT_USAGE", message }, String(message));
});

t.test("as many values as Postgres takes are taken, and braces that are no template", async (t) => {
	const [statement] = read(t, `{"text":"x","values":[${"0,".repeat(65_534)}0]}`);
	t.equal(statement !== undefined && "values" in statement && statement.values.length, 65_535);
	const json = `select '{"n": 1}'::jsonb, '{1,n}'::text[]`;
	t.same(queryOperations(json, []), [{ text: json, values: [] }]);
	t.throws(() => queryOperations("select '{n}'", ["{n}"]), { code: "FLT_USAGE" });
});

t.test(
	"what stands from begin to commit is one operation, and so is what stands in one line",
	async (t) => {
		const plain = (text: string) => ({ text, values: [] });
		t.same(read(t, 'x;\nbegin;\na;\n{"text":"b","values":[null]}\ncommit;\n\r\ny'), [
			plain("x"),
			{ transaction: [plain("begin"), plain("a"), { text: "b", values: [null] }, plain("commit")] },
			plain("y"),
		]);
		t.same(read(t, "a; b\nc"), [
			{ transaction: ["begin", "a", "b", "commit"].map(plain) },
			plain("c"),
		]);
		t.same(read(t, "begin; a; rollback; x"), [
			{ transaction: ["begin", "a", "rollback"].map(plain) },
			plain("x"),
		]);
		t.same(queryOperations("begin; a; end", []), [
			{ transaction: ["begin", "a", "end"].map(plain) },
		]);
		t.throws(() => queryOperations("a; b", ["1"]), { code: "FLT_USAGE", message: /whose value/ });
	},
);
