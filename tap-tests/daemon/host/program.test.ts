import { join } from "node:path";
import t from "tap";
import { programOf, runsInNode } from "../../../daemon/host/program.ts";
import type { SubjectSpec } from "../../../scenarios/contract/subject.ts";

const folder = t.testdir({
	"a.py": "",
	"b.sh": "",
	"c.ts": "",
	"d.jar": "",
	"e.js": "",
	"f.rb": "",
});
const scenarioFile = join(folder, "own.scenario.ts");
const program = (spec: SubjectSpec) => programOf('subject "it"', spec, scenarioFile);

t.test("a file is run by what runs files of its kind, with its arguments last", (t) => {
	const at = (name: string) => join(folder, name);
	t.same(program({ file: "./a.py", args: ["--fast"] }).command, ["python3", at("a.py"), "--fast"]);
	t.same(program({ file: "./b.sh" }).command, ["sh", at("b.sh")]);
	t.same(program({ file: "./d.jar" }).command, ["java", "-jar", at("d.jar")]);
	t.match(program({ file: "./c.ts" }), {
		command: [process.execPath, "--no-warnings", "--import", /chaos\/subject\/agent/, at("c.ts")],
		title: "node c.ts",
	});
	t.ok(runsInNode({ file: "./e.js" }));
	t.notOk(runsInNode({ file: "./a.py" }));
	t.end();
});

t.test("a command is what it is, and beside the scenario where it begins with a dot", (t) => {
	t.same(program({ command: ["redis-server", "--port", "0"] }), {
		command: ["redis-server", "--port", "0"],
		title: "redis-server --port 0",
	});
	t.same(program({ command: ["./b.sh", "x"] }).command, [join(folder, "b.sh"), "x"]);
	t.notOk(runsInNode({ file: undefined }));
	t.end();
});

t.test("what can't be started is refused with what can", (t) => {
	t.throws(() => program({ file: "./none.ts" }), { message: /there is no file .*none\.ts/ });
	t.throws(() => program({ file: "./f.rb" }), {
		message: /nothing runs .*f\.rb/,
		hint: /\.ts, \.js, \.py, \.jar, \.sh, or a command/,
	});
	t.throws(() => program({ command: [] }), { message: /its command is empty/ });
	t.end();
});
