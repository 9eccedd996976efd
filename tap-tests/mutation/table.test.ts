import t from "tap";
import { type Report, tableOf } from "./table.ts";

const at = (line: number, from: number, to: number) => ({
	start: { line, column: from },
	end: { line, column: to },
});
const report: Report = {
	files: {
		"b.ts": {
			source: "const a = 1 < 2;\nexport const b = `a`;\n",
			mutants: [
				{
					mutatorName: "Equality",
					replacement: "1 <= 2",
					status: "Survived",
					location: at(1, 11, 16),
				},
				{
					mutatorName: "Equality",
					replacement: "1 >= 2",
					status: "Killed",
					location: at(1, 11, 16),
				},
				{ mutatorName: "Text", replacement: "``", status: "NoCoverage", location: at(2, 18, 21) },
				{ mutatorName: "Text", status: "RuntimeError", location: at(2, 18, 21) },
			],
		},
		"a.ts": {
			source: "while (true) {\n\tstop();\n}",
			mutants: [
				{
					mutatorName: "Block",
					replacement: "{}",
					status: "Timeout",
					location: { start: { line: 1, column: 14 }, end: { line: 3, column: 2 } },
				},
			],
		},
	},
};

t.test("what is not covered counts as not noticed, and what could not run as nothing", (t) => {
	const lines = tableOf(report).split("\n");
	t.ok(lines.includes("| **all** | 4 | 1 | 1 | 2 | 50.0 % |"));
	t.ok(lines.includes("| b.ts | 3 | 1 | 0 | 2 | 33.3 % |"));
	t.ok(
		lines.indexOf("| a.ts | 1 | 0 | 1 | 0 | 100.0 % |") <
			lines.indexOf("| b.ts | 3 | 1 | 0 | 2 | 33.3 % |"),
	);
	t.end();
});

t.test("each change that no test has noticed is named by its place and by what it was", (t) => {
	const lines = tableOf(report).split("\n");
	t.same(
		lines.filter((line) => line.startsWith("- ")),
		["- `b.ts:1` `1 < 2` → `1 <= 2`", "- `b.ts:2` `'a'` → `''`"],
	);
	t.end();
});

t.test("a change over several lines is one line, and not a long one", (t) => {
	const long = { ...report.files["a.ts"]!, source: `while (true) {\n\t${"stop();".repeat(20)}\n}` };
	const [mutant] = long.mutants;
	const text = tableOf({
		files: { "a.ts": { ...long, mutants: [{ ...mutant!, status: "Survived" }] } },
	});
	const line = text.split("\n").find((one) => one.startsWith("- "))!;
	t.match(line, /^- `a\.ts:1` `\{ stop\(\);.*…` → `\{\}`$/);
	t.ok(line.length < 120);
	t.end();
});
