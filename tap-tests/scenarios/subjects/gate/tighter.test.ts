import t from "tap";
import type { Quality } from "../../../../scenarios/subjects/gate/odcs.ts";
import { isTighterOption, isTighterRule } from "../../../../scenarios/subjects/gate/tighter.ts";

const sql: Quality = { type: "sql", query: "select 1" };
const valid = (...validValues: string[]): Quality => ({
	metric: "invalidValues",
	arguments: { validValues },
	mustBe: 0,
});

t.test("a rule is tighter that lets pass nothing which it did not let pass before", (t) => {
	const rows: [was: Quality, is: Quality, tighter: boolean][] = [
		[{ mustBeLessThan: 10 }, { mustBe: 0 }, true],
		[{ mustBe: 0 }, { mustBeLessThan: 10 }, false],
		[{ mustBeLessOrEqualTo: 5 }, { mustBeLessThan: 5 }, true],
		[{ mustBeLessThan: 5 }, { mustBeLessOrEqualTo: 5 }, false],
		[{ mustBeGreaterThan: 0 }, { mustBeGreaterThan: 10 }, true],
		[{ mustBeGreaterThan: 10 }, { mustBeGreaterThan: 0 }, false],
		[{ mustBeBetween: [1, 9] }, { mustBeBetween: [2, 5] }, true],
		[{ mustBeBetween: [1, 9] }, { mustBeBetween: [2, 10] }, false],
		[{ mustNotBe: 3 }, { mustBeGreaterThan: 3 }, true],
		[{ mustNotBeBetween: [1, 2] }, { mustBe: 1.5 }, false],
		[{ mustBeLessThan: 10 }, { mustBe: "few" }, false],
	];
	for (const [was, is, tighter] of rows)
		t.equal(
			isTighterRule({ ...sql, ...was }, { ...sql, ...is }),
			tighter,
			JSON.stringify([was, is]),
		);
	t.end();
});

t.test("of a rule that asks for something else nothing is known", (t) => {
	t.notOk(isTighterRule({ ...sql, mustBe: 0 }, { ...sql, query: "select 2", mustBe: 0 }));
	t.notOk(isTighterRule({ ...sql, mustBeLessThan: 9 }, { ...sql, unit: "percent", mustBe: 0 }));
	t.end();
});

t.test("fewer valid values are tighter, where the rule counts the others", (t) => {
	t.ok(isTighterRule(valid("a", "b"), valid("b")));
	t.notOk(isTighterRule(valid("a", "b"), valid("a", "c")));
	t.notOk(isTighterRule(valid("a"), valid("a", "b")));
	t.notOk(isTighterRule(valid("a"), { ...valid(), arguments: {} }), "with none any value is valid");
	const many = { mustBe: undefined, mustBeGreaterThan: 5 };
	t.notOk(isTighterRule({ ...valid("a", "b"), ...many }, { ...valid("b"), ...many }));
	t.end();
});

t.test("a bound is tighter that comes closer", (t) => {
	const rows: [option: string, was: unknown, is: unknown, tighter: boolean][] = [
		["minimum", 1, 2, true],
		["minimum", 2, 1, false],
		["exclusiveMinimum", 1, 2, true],
		["minLength", 1, 2, true],
		["maximum", 2, 1, true],
		["maximum", 1, 2, false],
		["exclusiveMaximum", 2, 1, true],
		["maxLength", 2, 1, true],
		["multipleOf", 2, 4, false],
		["minimum", "2026-01-01", "2026-02-01", false],
	];
	for (const [option, was, is, tighter] of rows)
		t.equal(isTighterOption(option, was, is), tighter, `${option} ${was} ${is}`);
	t.end();
});
