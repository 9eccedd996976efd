import t from "tap";
import { rendered } from "../../../../../scenarios/contracts/mesh-contracts/gate/render.ts";

const model = (name: string, sql: string) => ({ name, sql });

t.test("models name tables and each other, and come after those that they name", (t) => {
	const { models, findings } = rendered([
		model("a", "select * from {{ ref('b') }} join {{source('raw','orders')}} using (id)"),
		model("b", "select 1 as id from {{ ref('elsewhere') }}"),
	]);
	t.same(findings, []);
	t.same(models, [
		model("b", 'select 1 as id from "elsewhere"'),
		model("a", 'select * from "b" join "orders" using (id)'),
	]);
	t.end();
});

t.test("a model that is made of itself, or of another template, is a finding of its name", (t) => {
	const circle = rendered([
		model("a", "select * from {{ ref('b') }}"),
		model("b", "select * from {{ ref('a') }}"),
	]);
	t.match(circle.findings, [{ place: ["a"], rule: "builds", why: /a, b, a/ }]);
	for (const sql of [
		"select {{ var('x') }}",
		"{% if x %}",
		"{# a #} select 1",
		"{{ source('other', 'a') }}",
	])
		t.match(rendered([model("a", sql)]).findings, [{ place: ["a"], rule: "builds" }], sql);
	t.end();
});
