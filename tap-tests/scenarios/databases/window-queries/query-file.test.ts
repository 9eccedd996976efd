import t from "tap";
import { expectedRows } from "../../../../scenarios/databases/window-queries/oracle/oracle.ts";
import { valuesFor } from "../../../../scenarios/databases/window-queries/parameters.ts";
import {
	parseQuery,
	readQueries,
	withNumbers,
} from "../../../../scenarios/databases/window-queries/query-file.ts";

const folder = new URL("../../../../scenarios/databases/window-queries/queries/", import.meta.url);
const header = `-- question:   How many?
-- parameters: region text, top integer
-- columns:    orders_count bigint, share double precision
-- complexity: O(n): each row
--             is read once.
-- growth:     0.8..1.3, for a reason
-- index:      from 1000 rows on: create index on orders (region)
`;
const body = "\n-- Why.\nselect :top::integer, :'region'::text;\n";

t.test("all ten files keep to the format, and somebody knows their parameters and answers", (t) => {
	const queries = readQueries(folder);
	t.same(
		queries.map(({ file }) => file.slice(0, 3)),
		["01-", "02-", "03-", "04-", "05-", "06-", "07-", "08-", "09-", "10-"],
	);
	for (const { id, question, parameters, columns, complexity, index, text } of queries) {
		t.match(question, /^[A-Z].*\?$/, `${id} asks something`);
		t.match(
			complexity,
			/^O\(.+?\)(, [^:]+)?: \w.+\.$/,
			`${id} gives a complexity and the reason for it`,
		);
		t.ok(index === null || /^create index \w+ on orders \(/.test(index.statement), id);
		t.match(text, /\norder by [a-z_, ]+;\n$/, `${id} leaves no order to chance`);
		t.notMatch(text, /(?<!:):[a-z']/, `${id} has no parameter left`);
		const names = parameters.map(({ name }) => name).sort();
		const values = valuesFor(id, 1, 1_000, 0);
		t.same(Object.keys(values).sort(), names, `${id}'s parameters are drawn, and no others`);
		t.ok(columns.every(({ type }) => type.length > 0));
		t.doesNotThrow(() => expectedRows(id, [], values), `${id} has an oracle`);
	}
	t.end();
});

t.test("a header says what a query is, in order and over several lines", (t) => {
	t.match(parseQuery("01-how-many.sql", header + body), {
		file: "01-how-many.sql",
		id: "how-many",
		question: "How many?",
		parameters: [
			{ name: "region", type: "text" },
			{ name: "top", type: "integer" },
		],
		columns: [
			{ name: "orders_count", type: "bigint" },
			{ name: "share", type: "double precision" },
		],
		complexity: "O(n): each row is read once.",
		growth: { low: 0.8, high: 1.3 },
		index: {
			fromRows: 1_000,
			name: "orders_region_idx",
			statement: "create index orders_region_idx on orders (region)",
		},
	});
	const none = header.replace(/from 1000.*/, "none: all is read");
	t.equal(parseQuery("1-a.sql", none + body).index, null);
	t.end();
});

t.test("an index has the name that Postgres would give it, of all its columns", (t) => {
	const statement =
		"from 2500 rows on: create index on orders (region, amount_cents desc) include (category) where region <> 'west'";
	t.same(parseQuery("1-a.sql", header.replace(/from 1000.*/, statement) + body).index, {
		fromRows: 2_500,
		name: "orders_region_amount_cents_category_idx",
		statement:
			"create index orders_region_amount_cents_category_idx on orders (region, amount_cents desc) include (category) where region <> 'west'",
	});
	t.end();
});

t.test("parameters become numbers in the header's order, however often they are used", (t) => {
	const { text } = parseQuery("1-a.sql", `${header}select :'region', :top, :top`);
	t.match(text, /select \$1, \$2, \$2$/);
	t.end();
});

t.test("what psql leaves alone is left alone", (t) => {
	const rows: [source: string, numbered: string, why: string][] = [
		["select :a", "select #a", "a variable"],
		["select :'a'", "select #a", "a quoted one"],
		["select 1::int", "select 1::int", "a cast"],
		["select :a::int", "select #a::int", "a cast of a variable"],
		["select ':a'", "select ':a'", "a string"],
		["select 'it''s :a', :b", "select 'it''s :a', #b", "a string with a quote in it"],
		['select ":a"', 'select ":a"', "a name"],
		["-- :a\nselect :b", "-- :a\nselect #b", "a comment"],
		["select x[1 :2]", "select x[1 :2]", "a slice"],
	];
	for (const [source, numbered, why] of rows)
		t.equal(
			withNumbers(source, (name) => `#${name}`),
			numbered,
			why,
		);
	t.end();
});

t.test("a file that does not keep to the format is refused with its name and the mistake", (t) => {
	const rows: [source: string, mistake: RegExp][] = [
		[body, /1-a\.sql: the header has no question, parameters, columns, complexity, growth, index/],
		[header.replace(/-- growth.*\n/, "") + body, /no growth/],
		[header.replace("0.8..1.3", "linear") + body, /growth is "linear.*not a band/],
		[header.replace("0.8..1.3", "1.3..0.8") + body, /not a band/],
		[
			header.replace("from 1000 rows on: ", "") + body,
			/index is "create.*such as "from 1000 rows on/,
		],
		[`${header}select :other, :top, :'region'`, /no parameter "other" in the header/],
		[`${header}select :top`, /region is not used/],
	];
	for (const [source, mistake] of rows)
		t.throws(() => parseQuery("1-a.sql", source), { message: mistake });
	t.end();
});
