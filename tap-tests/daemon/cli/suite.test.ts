import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openHome } from "../../../daemon/home/home.ts";
import type { SuiteDocument } from "../../../daemon/suites/document.ts";
import { SuiteStore } from "../../../daemon/suites/store.ts";
import { suiteAsText } from "../../../daemon/suites/text.ts";
import { doneRun } from "../compare/accepted.ts";
import { asExpected, performed } from "../suites/fake-suite.ts";
import { command } from "./command.ts";
import { beDaemon } from "./own-daemon.ts";

const clean = async () => (await performed()).document;
const bad = async () =>
	(
		await performed({
			answer: (asked, n) => ({
				...asExpected(asked, n),
				verdict: "passed",
				asExpected: n % 2 === 1,
			}),
		})
	).document;

/** A home whose daemon performs this suite, and a suite file of the user's. */
async function homeWithDaemon(t: Test, document: SuiteDocument) {
	const asked: string[] = [];
	let looks = 0;
	const server = http.createServer((request, response) => {
		let body = "";
		request.on("data", (bytes) => (body += bytes));
		request.on("end", () => {
			asked.push(`${request.method} ${request.url} ${body}`.trim());
			const answer = (value: unknown) => response.end(JSON.stringify(value));
			if (request.method === "POST") return answer({ id: document.id });
			if (!request.url?.startsWith("/suites/runs/")) return answer(document);
			const running = { state: "running", exitCode: null, headline: "echo guard=on (1 of 4)" };
			return answer(++looks === 1 ? { ...document, ...running } : document);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	const folder = t.testdir();
	const home = openHome(join(folder, "home"));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	await beDaemon(t, home, url);
	const file = join(folder, "mine.suite.ts");
	writeFileSync(file, "");
	const ask = (...args: string[]) => command(t, [...args, "--home", home.folder]);
	return { folder, home, file, asked, ask };
}

t.test(
	"the exit code is the suite's, the record is text, progress goes to standard error",
	async (t) => {
		for (const [document, code] of [
			[await clean(), 0],
			[await bad(), 10],
		] as const) {
			const { ask, file, asked } = await homeWithDaemon(t, document);
			t.match(await ask("run", file, "--size", "small", "--seed", "4", "-p", "a=1"), {
				code,
				out: suiteAsText(document),
				err: "echo guard=on (1 of 4)\n",
			});
			t.same(asked.slice(1), [
				`POST /suites ${JSON.stringify({ file, params: { a: "1", seed: "4", size: "small" } })}`,
				`GET /suites/runs/${document.id}`,
				`GET /suites/runs/${document.id}`,
			]);
		}
		const { ask, file } = await homeWithDaemon(t, await clean());
		t.equal((await ask("run", file, "--quiet")).err, "");
	},
);

t.test("JSON and TAP on standard output, JUnit into a file", async (t) => {
	const document = await bad();
	const { folder, file, ask } = await homeWithDaemon(t, document);
	t.same(JSON.parse((await ask("run", file, "--json")).out), document);
	const junit = join(folder, "s.xml");
	const { out } = await ask("run", file, "--tap", "--junit", junit);
	t.match(out, /^TAP version 14\n# pairs: 2 not as expected .*\n1\.\.4\nok 1 - echo guard=on\n/);
	t.match(readFileSync(junit, "utf8"), /<testsuite name="pairs" tests="4" failures="2"/);
	t.match(await ask("run", file, "--junit", "/nowhere/s.xml"), {
		code: 2,
		err: /--junit is "\/nowhere\/s\.xml"; there is no folder/,
	});
});

t.test("a single run has the same forms, which count whether it was as expected", async (t) => {
	const params = { seed: 1, size: "small", guard: "off" } as const;
	const run = doneRun({}, { verdict: "failed", expect: "failed", params });
	const { folder, ask, asked } = await homeWithDaemon(t, run as never);
	const junit = join(folder, "r.xml");
	const { out, code } = await ask("run", "echo", "--quiet", "--tap", "--junit", junit);
	t.equal(code, 10, "the exit code is the verdict");
	t.ok(asked.some((call) => call.startsWith("POST /scenarios/echo/start")));
	t.match(out, /\n1\.\.1\nok 1 - echo seed=1 size=small guard=off\n/);
	t.match(readFileSync(junit, "utf8"), /<testsuite name="echo" tests="1" failures="0"/);
});

t.test("suites are listed and their records shown, whether or not a daemon runs", async (t) => {
	const document = await clean();
	const { home, ask } = await homeWithDaemon(t, document);
	new SuiteStore(home.suites).save(document);
	t.same(await ask("show", document.id), { code: 0, out: suiteAsText(document), err: "" });
	t.same(JSON.parse((await ask("show", document.id, "--json")).out), document);
	t.match(await ask("list", "suites"), { code: 0, out: /^suite/ });
	t.match(await ask("list", "scenarios"), { code: 0, out: /\nretry-storm {2,}\S/ });
	t.match(JSON.parse((await ask("list", "scenarios", "--json")).out).scenarios, Array);
	t.match(await ask("list", "everything"), { code: 2, err: /Allowed choices are runs, scenarios/ });
});
