import "../bare-node.ts";
import { join } from "node:path";
import t from "tap";
import { describeFiles } from "../../../daemon/host/describe.ts";
import type { Described } from "../../../daemon/host/protocol.ts";
import { scenarioText } from "../scenario-text.ts";

t.jobs = 3;
const patientMs = 60_000;

/** Each file's title, or what is wrong with it. */
const tell = (described: Described[]) =>
	Object.fromEntries(
		described.map((entry) =>
			entry.kind === "scenario"
				? [entry.description.name, entry.description.title]
				: [entry.name, `BROKEN ${entry.error}`],
		),
	);

t.test(
	"a description says all that lists and validation need, without the scenario's code",
	async (t) => {
		const folder = t.testdir({
			"good.scenario.ts": scenarioText("Good", {
				extra:
					'sizes: { small: { rate: 2 } }, twin: { fails: ["rows"] }, limits: { hookMs: 5 }, needsFor: { rate: { 3: ["s3", { tool: "dbt" }] } },',
			}),
		});
		const file = join(folder, "good.scenario.ts");
		const [described] = await describeFiles([file], patientMs);
		t.match(described, {
			kind: "scenario",
			description: {
				name: "good",
				file,
				hash: /^[0-9a-f]{64}$/,
				title: "Good",
				question: "Does it?",
				params: { type: "object", properties: { rate: { default: 10, minimum: 1 } } },
				sizes: { small: { rate: 2 } },
				guarded: true,
				twinFails: ["rows"],
				needs: ["postgres"],
				tools: [],
				needsFor: [{ param: "rate", value: "3", services: ["s3"], tools: ["dbt"] }],
				limits: { hookMs: 5, memoryMb: 1_500 },
				atScale: { growth: "g" },
				checks: ["rows"],
			},
		});
	},
);

t.test("each kind of mistake is named with its file, and the others load", async (t) => {
	const files: Record<string, [text: string, told: RegExp]> = {
		"a-good": [scenarioText("First"), /^First$/],
		"b-torn": ["export default {", /^BROKEN ./],
		"c-throws": ["throw new Error('no such thing')", /^BROKEN no such thing$/],
		"d-bare": ["export const scenario = 1", /^BROKEN the file has no `export default scenario/],
		"e-null": ["export default null", /^BROKEN the file has no `export default scenario/],
		"f-missing": ["import './nowhere.ts'", /^BROKEN Cannot find module .*nowhere/],
		"g-seed": [scenarioText("G", { params: "{ seed: Type.Number({ default: 1 }) }" }), /reserved/],
		"h-bare": [scenarioText("H", { params: "{ rate: Type.Number() }" }), /"rate" has no default/],
		"i-needs": [scenarioText("I", { extra: 'needs: ["mysql"],' }), /unknown service "mysql"/],
		"i-tool": [
			scenarioText("I", { extra: 'needs: [{ tool: "dbtt" }],' }),
			/unknown tool "dbtt"; there are .*\bdbt\b/,
		],
		"i-value": [
			scenarioText("I", {
				params: '{ engine: Type.String({ default: "a", enum: ["a", "b"] }) }',
				extra: 'needsFor: { engine: { c: [{ tool: "dbtt" }] }, engin: { a: [] } },',
			}),
			/unknown tool "dbtt".*"c", which engine can't be; it is a, b.*"engin", which is no parameter; there are engine$/,
		],
		"j-no-needs": [scenarioText("J", { extra: "needs: undefined," }), /^BROKEN .*needs/],
		"k-string": ["throw 'just text'", /^BROKEN just text$/],
		"l-kind": [
			scenarioText("L").replace('kind: "correctness"', 'kind: "correctnes"'),
			/^BROKEN check "rows" has kind "correctnes"; it is "correctness" or "performance"$/,
		],
		"z-good": [scenarioText("Last"), /^Last$/],
	};
	const folder = t.testdir(
		Object.fromEntries(
			Object.entries(files).map(([name, [text]]) => [`${name}.scenario.ts`, text]),
		),
	);
	const paths = Object.keys(files).map((name) => join(folder, `${name}.scenario.ts`));
	const described = await describeFiles(paths, patientMs);
	t.equal(described.length, paths.length);
	const told = tell(described);
	for (const [name, [, wanted]] of Object.entries(files)) t.match(told[name], wanted, name);
	for (const [i, entry] of described.entries())
		t.equal(entry.kind === "broken" ? entry.file : entry.description.file, paths[i]);
});

t.test("a file that ends its process, in whatever way, holds up no other", async (t) => {
	const files: Record<string, [text: string, told: RegExp]> = {
		"a-good": [scenarioText("First"), /^First$/],
		"b-exit": ["process.exit(3)", /^BROKEN importing it ended the process with code 3/],
		"d-abort": ["process.abort()", /^BROKEN importing it ended the process with SIGABRT/],
		"e-late": [
			"setImmediate(() => { throw new Error('out of nowhere') }); await new Promise(() => setInterval(() => {}, 1000))",
			/^BROKEN importing it ended the process with code 1: Error: out of nowhere/,
		],
		"z-good": [scenarioText("Last"), /^Last$/],
	};
	const folder = t.testdir(
		Object.fromEntries(
			Object.entries(files).map(([name, [text]]) => [`${name}.scenario.ts`, text]),
		),
	);
	const paths = Object.keys(files).map((name) => join(folder, `${name}.scenario.ts`));
	const told = tell(await describeFiles(paths, patientMs));
	for (const [name, [, wanted]] of Object.entries(files)) t.match(told[name], wanted, name);
});

t.test("a file that never finishes importing is ended at its limit; the others load", async (t) => {
	const folder = t.testdir({
		"a.scenario.ts": scenarioText("First"),
		// As deaf as a loop, and leaves the processor to the others.
		"b.scenario.ts": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
		"c.scenario.ts": scenarioText("Last"),
	});
	const paths = ["a", "b", "c"].map((name) => join(folder, `${name}.scenario.ts`));
	const fromMs = performance.now();
	await describeFiles(paths.slice(0, 1));
	// As long as three take here and now, and more.
	const limitMs = 2_000 + 4 * Math.ceil(performance.now() - fromMs);
	t.match(tell(await describeFiles(paths, limitMs)), {
		a: "First",
		b: `BROKEN it did not finish importing within ${limitMs} ms`,
		c: "Last",
	});
});

t.test("what a file leaves running ends with its description", async (t) => {
	const folder = t.testdir({
		"a.scenario.ts": `setInterval(() => {}, 1000);\n${scenarioText("Ticks on")}`,
	});
	// With a host that stayed for the timer this would last as long as the limit.
	t.match(tell(await describeFiles([join(folder, "a.scenario.ts")], 3_600_000)), { a: "Ticks on" });
});

t.test("the hash is of the sources beside the scenario, and of nothing else", async (t) => {
	const one = { "one.scenario.ts": scenarioText("One") };
	const folder = t.testdir({
		alone: one,
		words: { ...one, "README.md": "words" },
		helped: { ...one, "clients.ts": "export const a = 1" },
		altered: { ...one, "clients.ts": "export const a = 2" },
		deep: { ...one, queries: { "one.sql": "select 1" } },
		deeper: { ...one, queries: { "one.sql": "select 2" } },
		root: {
			...one,
			other: { "two.scenario.ts": scenarioText("Two") },
			node_modules: { "pg.js": "module" },
		},
	});
	const folders = ["alone", "words", "helped", "altered", "deep", "deeper", "root"];
	const paths = folders.map((name) => join(folder, name, "one.scenario.ts"));
	const [alone, words, helped, altered, deep, deeper, root] = (
		await describeFiles(paths, patientMs)
	).map((entry) => (entry.kind === "scenario" ? entry.description.hash : entry.error));
	t.equal(words, alone, "words are no code");
	t.not(helped, alone, "a helper is code");
	t.not(altered, helped, "and so is what it says");
	t.not(deep, alone, "a folder of helpers is too");
	t.not(deeper, deep, "and what is in it");
	t.equal(root, alone, "another scenario's folder is not, nor are packages");
});

t.test("without files there is nothing to describe", async (t) => {
	t.same(await describeFiles([], patientMs), []);
});
