import "../bare-node.ts";
import { join } from "node:path";
import t from "tap";
import { SuiteCatalog } from "../../../daemon/host/catalog.ts";
import { describeFiles } from "../../../daemon/host/describe.ts";
import type { DescribedSuite } from "../../../daemon/host/protocol.ts";
import { askForTable } from "../../../daemon/host/table.ts";
import { doneRun } from "../compare/accepted.ts";
import { scenarioText } from "../scenario-text.ts";

t.jobs = 3;
const patientMs = 60_000;

/** The text of a suite file. */
const suiteText = (definition: string) =>
	`import { suite } from "faultline";\nexport default suite({ title: "T", question: "Q?", ${definition} } as never);\n`;

const pairs = suiteText(`
	steps: ["echo", "cdc"].flatMap((scenario) => [
		{ scenario, params: { guard: "on" } },
		{ scenario, params: { guard: "off", rate: 5 }, expect: "passed" },
	]),
	table: {
		row: ({ scenario }) => scenario,
		column: ({ params }) => params.guard,
		values: { lost: "rows_lost_count", ended: (run) => run.verdict.toUpperCase() },
	},`);

t.test("a suite's description has its steps with their places, and none of its code", async (t) => {
	const folder = t.testdir({
		"pairs.suite.ts": pairs,
		"plain.suite.ts": suiteText('steps: [{ scenario: "echo" }]'),
	});
	const files = ["pairs", "plain"].map((name) => join(folder, `${name}.suite.ts`));
	const described = await describeFiles<DescribedSuite>(files, patientMs);
	const step = (scenario: string, guard: string) => ({ scenario, row: scenario, column: guard });
	t.match(described, [
		{
			kind: "suite",
			description: {
				name: "pairs",
				file: files[0],
				hash: /^[0-9a-f]{64}$/,
				title: "T",
				question: "Q?",
				steps: [
					{ ...step("echo", "on"), params: { guard: "on" }, expect: null },
					{ ...step("echo", "off"), params: { guard: "off", rate: 5 }, expect: "passed" },
					step("cdc", "on"),
					step("cdc", "off"),
				],
				values: ["lost", "ended"],
			},
		},
		{
			kind: "suite",
			description: {
				steps: [{ scenario: "echo", params: {}, expect: null, row: "", column: "" }],
				values: null,
			},
		},
	]);
});

t.test("all that is wrong with a suite is told in one error, and the others load", async (t) => {
	const table = (text: string) => suiteText(`steps: [{ scenario: "echo" }], table: { ${text} }`);
	const rows: Record<string, [text: string, told: RegExp]> = {
		"a-good": [pairs, /^$/],
		"b-bare": ["export const a = 1", /^the file has no `export default suite\(\{ … \}\)`$/],
		"c-empty": [
			`import { suite } from "faultline"; export default suite({ title: "", steps: [] } as never);`,
			/^it has no title; it has no question; it has no steps$/,
		],
		"d-steps": [
			suiteText('steps: [{}, { scenario: "echo", params: { a: null }, expect: "invalid" }]'),
			/^step 1: it names no scenario; step 2: its a is neither text.*; step 2: its expect is "invalid"/,
		],
		"e-values": [table("row: () => 1, values: { a: 1 }"), /table's "a" is neither a metric's/],
		"f-none": [table("values: {}"), /^its table has no row; its table has no values$/],
		"g-twice": [
			suiteText(
				'steps: [{ scenario: "a" }, { scenario: "b" }], table: { row: () => "r", values: { a: "m" } }',
			),
			/^steps 1 and 2 have the same place in its table, row "r"$/,
		],
		"h-throws": [
			table("row: ({ params }) => params.size.length, values: { a: 'm' }"),
			/Cannot read properties of undefined/,
		],
		runs: [pairs, /can't be called so: \/suites\/runs has the records/],
	};
	const folder = t.testdir({
		...Object.fromEntries(Object.entries(rows).map(([name, [text]]) => [`${name}.suite.ts`, text])),
		"other.scenario.ts": scenarioText("No suite"),
	});
	const all = await new SuiteCatalog(`${folder}/`).list();
	t.equal(all.length, Object.keys(rows).length);
	for (const entry of all) {
		const name = entry.kind === "suite" ? entry.description.name : entry.name;
		t.match(entry.kind === "broken" ? entry.error : "", rows[name]?.[1], name);
	}
	const catalog = new SuiteCatalog(`${folder}/`);
	t.ok(catalog.has("g-twice"), "there, and wrong");
	t.notOk(catalog.has("other"), "a scenario is no suite");
	await t.rejects(catalog.find("a-god"), {
		code: "FLT_SUITE_UNKNOWN",
		message: 'no suite "a-god"; did you mean "a-good"?',
	});
	await t.rejects(catalog.find("f-none"), { code: "FLT_SUITE_BROKEN" });
});

t.test("a table's functions run in a process of their own, over plain records", async (t) => {
	const folder = t.testdir({
		"pairs.suite.ts": pairs,
		"endless.suite.ts": "process.exit(3)",
	});
	const runs = [doneRun({ lost: 2 }), { ...doneRun(), verdict: null }];
	const answer = await askForTable({ file: join(folder, "pairs.suite.ts"), runs });
	t.match(answer, {
		ok: true,
		cells: [
			[{ value: 2, unit: "count" }, { value: "PASSED" }],
			[{ value: 0 }, { value: null, error: /Cannot read properties of null/ }],
		],
	});
	t.match(await askForTable({ file: join(folder, "gone.suite.ts"), runs }), {
		ok: false,
		message: /Cannot find module/,
	});
	t.match(await askForTable({ file: join(folder, "endless.suite.ts"), runs }), {
		ok: false,
		message: "the process ended",
	});
});
