import t from "tap";
import type { Contract, Property, Quality } from "../../../../scenarios/subjects/gate/odcs.ts";
import { rulesOf } from "../../../../scenarios/subjects/gate/rules.ts";
import { literal } from "../../../../scenarios/subjects/gate/sql-text.ts";

function read(quality: Quality[], kind: "table" | "view" = "table") {
	return readProperty({ required: true, unique: true, quality }, kind);
}

function readProperty(property: Omit<Property, "name">, kind: "table" | "view" = "table") {
	const contract: Contract = {
		apiVersion: "v3.1.0",
		kind: "DataContract",
		id: "shop",
		version: "1.0.0",
		status: "active",
		schema: [
			{
				name: "orders",
				properties: [{ name: "note", ...property }],
			},
		],
	};
	return rulesOf(contract, new Map([["orders", { kind, columns: new Map(), keys: [] }]]));
}

t.test(
	"each operator of the standard holds on the right side of its bound, and not on the other",
	(t) => {
		const rows: [rule: Quality, holds: number[], not: number[]][] = [
			[{ mustBe: 3 }, [3], [2, 4]],
			[{ mustNotBe: 3 }, [2], [3]],
			[{ mustBeGreaterThan: 3 }, [4], [3]],
			[{ mustBeGreaterOrEqualTo: 3 }, [3], [2]],
			[{ mustBeLessThan: 3 }, [2], [3]],
			[{ mustBeLessOrEqualTo: 3 }, [3], [4]],
			[{ mustBeBetween: [3, 5] }, [3, 5], [2, 6]],
			[{ mustNotBeBetween: [3, 5] }, [2, 6], [3, 4, 5]],
		];
		for (const [threshold, holds, not] of rows) {
			const [rule] = read([{ type: "sql", query: "select 1", ...threshold }]).rules;
			for (const value of holds) t.ok(rule!.holds(value), `${rule!.wanted}: ${value}`);
			for (const value of not) t.notOk(rule!.holds(value), `${rule!.wanted}: ${value}`);
		}
		t.end();
	},
);

t.test("queries name table and column where the contract leaves a place for them", (t) => {
	// biome-ignore lint/suspicious/noTemplateCurlyInString: as the standard has it
	const query = "select count(*) from ${table} where ${column} = '' or {property} is null";
	const [rule] = read([{ type: "sql", query, mustBe: 0, name: "given" }]).rules;
	t.equal(rule!.query, `select count(*) from "orders" where "note" = '' or "note" is null`);
	t.same(rule!.place, ["orders", "note"]);
	t.end();
});

t.test(
	"the standard's own metrics become queries, and what is in them can't leave its quotes",
	(t) => {
		const queries = (rule: Quality) => read([rule]).rules.map(({ query }) => query);
		t.same(queries({ metric: "nullValues", mustBe: 0 }), [
			`select count(*) from "orders" where "note" is null`,
		]);
		t.same(queries({ metric: "rowCount", mustBeGreaterThan: 0 }), [
			`select count(*) from "orders"`,
		]);
		t.match(queries({ metric: "duplicateValues", mustBe: 0 })[0], /group by "note" having count/);
		t.match(
			queries({ metric: "invalidValues", arguments: { validValues: ["a'b", 1] }, mustBe: 0 })[0],
			/<> all \(array\['a''b', '1'\]::text\[\]\)/,
		);
		t.equal(literal("a\\'b"), " E'a\\\\''b'");
		t.end();
	},
);

t.test("missing and invalid values are told by lists and patterns, together", (t) => {
	const wheres = (rule: Quality) =>
		read([{ ...rule, mustBe: 0 }]).rules.map(({ query }) => query.split(" where ")[1]);
	const rows: [rule: Quality, where: string][] = [
		[
			{ metric: "missingValues", arguments: { missingValues: [null, "", "n/a"] } },
			`"note" is null or "note"::text = any (array['', 'n/a']::text[])`,
		],
		[
			{ metric: "missingValues", arguments: { missingValues: ["-"] } },
			`"note"::text = any (array['-']::text[])`,
		],
		[{ metric: "invalidValues", arguments: { pattern: "^a'$" } }, `"note"::text !~ '^a''$'`],
		[
			{ metric: "invalidValues", arguments: { validValues: [1], pattern: "." } },
			`"note"::text <> all (array['1']::text[]) or "note"::text !~ '.'`,
		],
	];
	for (const [rule, where] of rows) t.same(wheres(rule), [where]);
	t.end();
});

t.test("a rule in percent is about all rows, and none of no rows", (t) => {
	const query = (rule: Quality) => read([{ ...rule, unit: "percent", mustBe: 0 }]).rules[0]?.query;
	t.equal(
		query({ metric: "nullValues" }),
		`select coalesce(100.0 * count(*) filter (where "note" is null) / nullif(count(*), 0), 0) from "orders"`,
	);
	t.match(query({ metric: "duplicateValues" }), /100\.0 \* \(select .*nullif\(\(select count/);
	t.equal(query({ metric: "rowCount" }), undefined, "how many rows there are is no share of them");
	t.end();
});

t.test("what is said beside the logical type is a rule by its name", (t) => {
	const rows: [option: string, value: unknown, where: string][] = [
		["minLength", 2, `char_length("note"::text) < 2`],
		["maxLength", 2, `char_length("note"::text) > 2`],
		["pattern", "^a'", `"note"::text !~ '^a'''`],
		["minimum", 2, `"note" < 2`],
		["maximum", "2026-01-01", `"note" > '2026-01-01'`],
		["exclusiveMinimum", 2, `"note" <= 2`],
		["exclusiveMaximum", 2, `"note" >= 2`],
		["multipleOf", 5, `mod("note"::numeric, 5) <> 0`],
	];
	for (const [option, value, where] of rows) {
		const { rules, findings } = readProperty({ logicalTypeOptions: { [option]: value } });
		t.match(rules, [{ place: ["orders", "note"], name: option, query: where, wanted: "= 0" }]);
		t.same(findings, []);
	}
	const context = { format: "email", timezone: true, defaultTimezone: "Etc/UTC" };
	t.same(readProperty({ logicalTypeOptions: context }), { rules: [], findings: [] });
	t.end();
});

t.test(
	"options, relationships and what is inside of a value are findings where the gate can't judge them",
	(t) => {
		const rows: [property: Omit<Property, "name">, rule: string][] = [
			[{ logicalTypeOptions: { minItems: 2 } }, "minItems"],
			[{ logicalTypeOptions: { minimum: [2] } }, "minimum"],
			[{ relationships: [{ to: "customers.customer_id" }] }, "relationships"],
			[{ logicalType: "object", properties: [{ name: "city" }] }, "properties"],
			[{ logicalType: "array", items: { logicalType: "string" } }, "items"],
		];
		for (const [property, rule] of rows)
			t.match(readProperty(property), {
				rules: [],
				findings: [{ place: ["orders", "note"], rule }],
			});
		t.end();
	},
);

t.test("a rule that the gate can't judge is a finding, and no rule that is left out", (t) => {
	const rows: Quality[] = [
		{ name: "it", type: "custom" },
		{ name: "it", metric: "missingValues", mustBe: 0 },
		{ name: "it", metric: "invalidValues", mustBe: 0 },
		{ name: "it", type: "sql", query: "select 1" },
		{ name: "it", type: "sql", query: "select 1", mustBe: "much" },
	];
	for (const rule of rows) {
		const { rules, findings } = read([rule]);
		t.same(rules, []);
		t.match(findings, [{ place: ["orders", "note"], rule: "it" }], JSON.stringify(rule));
	}
	t.same(read([{ type: "text", description: "for people" }]), { rules: [], findings: [] });
	t.end();
});

t.test("what the catalog tells of a table is looked for in the rows of a view", (t) => {
	t.same(
		read([], "view").rules.map(({ name }) => name),
		["nullability", "unique"],
	);
	t.same(read([]).rules, []);
	t.end();
});
