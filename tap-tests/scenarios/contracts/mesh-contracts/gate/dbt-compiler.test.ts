import t from "tap";
import { renderedOf } from "../../../../../scenarios/contracts/mesh-contracts/gate/dbt-compiler.ts";

t.test("what dbt compiles is tried where the gate is, whatever its profile says", (t) => {
	const sql =
		'select * from "mesh"."raw"."orders" join "mesh"."scratch"."a" on \'"mesh"."other".\' = x';
	t.same(renderedOf({ models: [{ name: "b", sql }], wrong: [] }), {
		findings: [],
		models: [{ name: "b", sql: 'select * from "orders" join "a" on \'"mesh"."other".\' = x' }],
	});
	t.end();
});

t.test("what dbt can't compile is a finding of the model that it names", (t) => {
	const rows: [name: string | null, message: string, place: string][] = [
		["odd", "Database Error", "odd"],
		[null, "Model 'model.sales.odd' (models/odd.sql) depends on a source named 'raw.x'", "odd"],
		[
			null,
			"Compilation Error in model odd_2 (models/odd_2.sql)\n  Expected an expression",
			"odd_2",
		],
		[null, "Runtime Error\n  no dbt_project.yml found", "models"],
	];
	for (const [name, message, place] of rows)
		t.match(renderedOf({ models: [], wrong: [{ name, message }] }), {
			findings: [{ place: [place], rule: "builds", why: message }],
			models: [],
		});
	t.end();
});
