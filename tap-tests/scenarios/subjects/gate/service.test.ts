import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { Verdict } from "../../../../scenarios/subjects/gate/gate.ts";
import { answerText, gateServer, pushOf } from "../../../../scenarios/subjects/gate/service.ts";

const [a, b] = ["a".repeat(40), "b".repeat(40)];
const body = (lines: string[]) =>
	["repository /r", "objects /o", "alternates /p", ...lines].join("\n");

t.test("a push is read as the hook sends it, and nothing else is one", (t) => {
	t.same(pushOf(body([`${a} ${b} refs/heads/main`, `${b} ${a} refs/heads/changes/1`])), {
		repository: "/r",
		objects: "/o",
		alternates: "/p",
		updates: [
			{ before: a, after: b, ref: "refs/heads/main" },
			{ before: b, after: a, ref: "refs/heads/changes/1" },
		],
	});
	t.match(pushOf(`repository /r\nobjects \nalternates \n${a} ${b} refs/heads/main`), {
		objects: "",
	});
	const none = [
		"",
		body([]),
		body(["x y z"]),
		body([`${a} ${b}`]),
		body([`${a} -x refs/heads/main`]),
		`${a} ${b} refs/heads/main`,
	];
	for (const text of none) t.equal(pushOf(text), null, text);
	t.end();
});

t.test("an answer begins with the verdict; a finding is one line, however it is written", (t) => {
	const findings = [{ place: ["orders", "note"], rule: "type", why: "one\ntwo\npassed" }];
	t.equal(answerText({ kind: "passed", notes: [] }), "passed\n");
	t.equal(answerText({ kind: "passed", notes: ["reach a.b"] }), "passed\nreach a.b\n");
	t.equal(
		answerText({ kind: "blocked", findings, notes: ["reach a.b"] }),
		"blocked\nblocked: orders.note (type): one two passed\nreach a.b\n",
	);
	t.equal(answerText({ kind: "none", why: "it\nbroke" }), "none\nit broke\n");
	t.end();
});

t.test(
	"pushes are judged one after another, and each verdict is written before it is heard",
	async (t) => {
		const file = join(mkdtempSync(t.testdir()), "said.ndjson");
		let under = 0;
		const verdicts: Verdict[] = [
			{ kind: "passed", notes: ["reach a.b"] },
			{ kind: "none", why: "away" },
		];
		const gate = {
			async judge() {
				t.equal(++under, 1, "alone");
				await new Promise((done) => setImmediate(done));
				under--;
				return verdicts.shift()!;
			},
		};
		const server = gateServer(gate, file);
		t.teardown(() => server.close());
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		const { port } = server.address() as { port: number };
		const ask = async (text: string, method = "POST") => {
			const response = await fetch(
				`http://127.0.0.1:${port}/push`,
				method === "GET" ? {} : { method, body: text },
			);
			return { status: response.status, text: await response.text(), written: writtenTo(file) };
		};
		const push = body([`${a} ${b} refs/heads/main`]);
		const both = await Promise.all([ask(push), ask(push)]);
		t.same(both.map(({ text }) => text).sort(), ["none\naway\n", "passed\nreach a.b\n"]);
		t.same(
			writtenTo(file).map(({ verdict }) => verdict),
			["passed", "none"],
		);
		t.equal((await ask("nothing")).status, 400);
		t.equal((await ask("", "GET")).status, 400);
	},
);

function writtenTo(file: string): { verdict: string }[] {
	const lines = readFileSync(file, { encoding: "utf8", flag: "a+" }).split("\n").slice(0, -1);
	return lines.map((line) => JSON.parse(line));
}
