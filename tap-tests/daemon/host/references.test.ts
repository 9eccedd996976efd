import t from "tap";
import { referencesIn } from "../../../daemon/host/references.ts";

t.test("what a source imports or takes from beside it is named, in every form", (t) => {
	const rows: [text: string, modules: string[]][] = [
		['import a from "./a.ts";', ["./a.ts"]],
		["import { a, type B } from '../a.ts';", ["../a.ts"]],
		[
			'import * as a from "./a.ts"; import b from "./b.json" with { type: "json" };',
			["./a.ts", "./b.json"],
		],
		['import "./a.ts";', ["./a.ts"]],
		['import type from "./a.ts";', ["./a.ts"]],
		['import { type A } from "./a.ts";', ["./a.ts"]],
		[
			'export { a } from "./a.ts"; export * from "./b.ts"; export * as c from "./c.ts";',
			["./a.ts", "./b.ts", "./c.ts"],
		],
		['const a = await import("./a.ts");', ["./a.ts"]],
		["const a = import(/* later */ `./a.ts`);", ["./a.ts"]],
		['const a = new URL("rows.csv", import.meta.url);', ["rows.csv"]],
		["const a = new URL(\n\t'../rows.csv',\n\timport.meta.url,\n);", ["../rows.csv"]],
		['const half = list.length! / 2; const re = /["/]/; import("./a.ts");', ["./a.ts"]],
	];
	for (const [text, modules] of rows) t.same(referencesIn(text), { modules, paths: [] }, text);
	t.end();
});

t.test("a literal that may be a subject's file is named too", (t) => {
	const rows: [text: string, paths: string[]][] = [
		['plan: () => ({ subjects: { a: { file: "../other/a.ts" } } })', ["../other/a.ts"]],
		["const a = `./a.py`; const b = { file: 'deep/b.jar' };", ["./a.py", "deep/b.jar"]],
		['join(import.meta.dirname, "../rows.csv")', ["../rows.csv"]],
		['import.meta.resolve("./a.ts"); require("./b.cjs");', ["./a.ts", "./b.cjs"]],
		["const text = `\u0024{run({ file: './a.ts' })}`;", ["./a.ts"]],
	];
	for (const [text, paths] of rows) t.same(referencesIn(text), { modules: [], paths }, text);
	t.end();
});

t.test("what only looks like a reference names nothing", (t) => {
	const rows: [why: string, text: string][] = [
		["a type vanishes", 'import type { A } from "./a.ts"; export type { B } from "./b.ts";'],
		["in an annotation too", 'let a: import("./a.ts").A; type B = typeof import("./b.ts");'],
		["and in a type's text", 'type Mode = "./a.ts" | "./b.ts";'],
		[
			"a package is told by its version",
			'import pg from "pg"; import "node:fs"; import("faultline");',
		],
		[
			"so is one by its alias",
			'import a from "#a"; import b from "/a.ts"; import("https://a/b.js");',
		],
		["a comment", '// import "./a.ts"\n/* { file: "./b.ts" } import("./c.ts") */'],
		["words about an import", 'const a = \'import "./a.ts"\'; const b = `import("./b.ts")`;'],
		["an expression", String.raw`const a = /"\.\/a\.ts"|import\("\.\/b\.ts"\)/;`],
		[
			"what is put together at run time",
			'import(`./\u0024{a}.ts`); import("./" + a); new URL(`./\u0024{a}`, import.meta.url);',
		],
		[
			"an address elsewhere",
			'new URL("http://a/b.js", import.meta.url); new URL("/a", import.meta.url);',
		],
		["a URL on another base", 'new URL("a.csv", base); new URL("a.csv", import.meta);'],
		["a torn source", 'import { from "./a.ts'],
	];
	for (const [why, text] of rows) {
		const { modules, paths } = referencesIn(text);
		t.same({ modules, paths }, { modules: [], paths: [] }, why);
	}
	t.end();
});
