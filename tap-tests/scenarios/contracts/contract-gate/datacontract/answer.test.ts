import t from "tap";
import {
	type ContractAnswer,
	opinionOf,
	type Run,
	type ToolChange,
	type ToolCheck,
} from "../../../../../scenarios/contracts/contract-gate/datacontract/answer.ts";
import { firstShop } from "../../../../../scenarios/contracts/contract-gate/shop/shop.ts";

const run = (result: Run["result"], ...checks: Partial<ToolCheck>[]): Run => ({
	result,
	checks: checks.map((check) => ({
		type: "field_required",
		model: "orders",
		field: "note",
		result: "failed",
		reason: "it says why",
		...check,
	})),
});
const passed = run("passed", { result: "passed" });
const contract = (more: Partial<ContractAnswer>): ContractAnswer => ({
	file: "orders.odcs.yaml",
	lint: passed,
	test: passed,
	breaking: null,
	...more,
});
const version = (version: string) => ({
	"orders.odcs.yaml": { ...firstShop(1).contracts["orders.odcs.yaml"]!, version },
});
const opinion = (...contracts: Partial<ContractAnswer>[]) =>
	opinionOf(
		{ version: "1", contracts: contracts.map(contract) },
		version("1.2.0"),
		version("1.3.0"),
	);

t.test("what fails is found at its place, by the word that the row has for it", (t) => {
	const rows: [check: Partial<ToolCheck>, place: string[], rule: string][] = [
		[{ type: "field_is_present" }, ["orders", "note"], "presence"],
		[{ type: "field_physical_type" }, ["orders", "note"], "type"],
		[{ type: "field_required" }, ["orders", "note"], "nullability"],
		[{ type: "field_unique" }, ["orders", "note"], "unique"],
		[{ type: "primary_key_unique", field: null }, ["orders"], "primary-key"],
		[{ type: "field_quality_sql" }, ["orders", "note"], "quality"],
		[{ type: "row_count", field: null }, ["orders"], "quality"],
	];
	for (const [check, place, rule] of rows)
		t.same(
			opinion({ test: run("failed", check) }).findings,
			[{ place, rule, why: "it says why" }],
			`${check.type}`,
		);
	t.end();
});

t.test("a table that it can't read is one finding, however many checks say so", (t) => {
	const reason = "Could not read model 'orders': no such table";
	const test = run("failed", { reason }, { reason, field: "sku" }, { model: "lines" });
	t.match(opinion({ test }).findings, [
		{ place: ["orders"], rule: "presence" },
		{ place: ["lines", "note"], rule: "nullability" },
	]);
	t.end();
});

t.test("what it warns of or skips lets pass, as its own command for CI does", (t) => {
	const test = run("warning", { result: "warning" }, { result: "skipped" }, { result: "passed" });
	t.match(opinion({ test }), {
		findings: [],
		warnings: [{ place: ["orders", "note"], rule: "nullability" }],
		passedCount: 1,
		isBreaking: false,
	});
	t.end();
});

t.test("what is no contract by it is a finding of the file, and is tested no further", (t) => {
	const lint = run("failed", { type: "lint", model: null, field: null });
	t.match(opinion({ lint, test: null }).findings, [
		{ place: ["orders.odcs.yaml"], rule: "odcs", why: "it says why" },
	]);
	t.end();
});

t.test("what its lint warns of is no finding, and is told at its place", (t) => {
	const warning = { type: "lint", result: "warning" } as const;
	const lint = run(
		"warning",
		{ ...warning, model: null, field: null },
		warning,
		{ ...warning, field: null },
		{ ...warning, result: "passed" },
	);
	const { findings, warnings } = opinion({ lint });
	t.same(findings, []);
	t.same(
		warnings.map(({ place }) => place.join(".")),
		["orders.odcs.yaml", "orders.note", "orders"],
	);
	t.end();
});

t.test("that it could not look is no opinion", (t) => {
	const test = run("failed", { type: "general", model: null, field: null, reason: "refused" });
	t.throws(() => opinion({ test }), { message: "datacontract-cli could not look: refused" });
	t.end();
});

t.test("what breaks readers is a finding where the contract has no new major version", (t) => {
	const change = (path: string, level: ToolChange["level"]): ToolChange => ({
		path,
		level,
		message: "it says why",
	});
	const breaking = [
		change("version", "info"),
		change("schema.orders.properties.note.required", "error"),
		change("schema.orders", "error"),
		change("schema.orders.properties.sku.quality.it", "warning"),
	];
	const found = opinion({ breaking });
	t.same(found.findings, [
		{ place: ["orders", "note"], rule: "version", why: "it says why" },
		{ place: ["orders"], rule: "version", why: "it says why" },
	]);
	t.equal(found.isBreaking, true);
	t.same(
		found.listed,
		breaking.map(({ path }) => path),
	);
	const answer = { version: "1", contracts: [contract({ breaking })] };
	t.match(opinionOf(answer, version("1.2.0"), version("2.0.0")), {
		findings: [],
		isBreaking: true,
	});
	t.match(opinionOf(answer, version("none"), version("2.0.0")), { findings: [] });
	t.end();
});
