import { readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openHome } from "../../../daemon/home/home.ts";
import type { NightlyDocument } from "../../../daemon/nightly/document.ts";
import { nightlyAsText } from "../../../daemon/nightly/text.ts";
import { clean, nightOf, unrun, withLoss } from "../nightly/night.ts";
import { command } from "./command.ts";
import { beDaemon } from "./own-daemon.ts";

/** A home whose daemon performs this nightly, or refuses it. */
async function homeWithDaemon(t: Test, document: NightlyDocument, refusal: string | null = null) {
	const asked: unknown[] = [];
	let looks = 0;
	const server = http.createServer((request, response) => {
		let body = "";
		request.on("data", (bytes) => (body += bytes));
		request.on("end", () => {
			const answer = (status: number, value: unknown) =>
				response.writeHead(status).end(JSON.stringify(value));
			const { id } = document;
			if (request.url === "/nightly" && request.method === "POST") {
				asked.push(JSON.parse(body));
				if (refusal === null) return answer(202, { id });
				return answer(409, { error: { code: "FLT_CONFLICT", message: refusal, hint: "wait" } });
			}
			if (request.url === "/nightly") {
				const running = ++looks === 1 ? { id, step: "echo", done: 0, of: 2 } : null;
				return answer(200, { running });
			}
			return answer(200, request.url === `/nightly/${id}` ? document : {});
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
	const ask = (...args: string[]) => command(t, ["nightly", ...args, "--home", home.folder]);
	return { folder, asked, ask };
}

t.test(
	"the exit code is the night's, the summary is text, progress goes to standard error",
	async (t) => {
		for (const [night, code] of [
			[clean(), 0],
			[withLoss(), 11],
			[nightOf([unrun]), 13],
		] as const) {
			const { ask } = await homeWithDaemon(t, night);
			t.match(await ask(), { code, out: nightlyAsText(night), err: "echo (1 of 2)\n" });
		}
		const { ask } = await homeWithDaemon(t, clean());
		t.equal((await ask("--quiet")).err, "");
	},
);

t.test("what the flags say is what is asked for", async (t) => {
	const { asked, ask } = await homeWithDaemon(t, clean());
	await ask(
		"--only",
		"echo,./mine.scenario.ts",
		"--budget",
		"90m",
		"--size",
		"small",
		"--seed",
		"4",
	);
	await ask("--webhook", "https://hooks.example/s3cret", "--allow-destructive");
	const standard = { scenarios: null, budgetMs: 10_800_000, size: "default", seed: 1, duets: [] };
	t.same(asked, [
		{
			...standard,
			scenarios: ["echo", join(process.cwd(), "mine.scenario.ts")],
			budgetMs: 5_400_000,
			size: "small",
			seed: 4,
			webhook: null,
			allowDestructive: false,
		},
		{ ...standard, webhook: "https://hooks.example/s3cret", allowDestructive: true },
	]);
	t.match(await ask("--junit", "/nowhere/n.xml"), {
		code: 2,
		err: /--junit is "\/nowhere\/n\.xml"; there is no folder/,
	});
	t.equal(asked.length, 2, "which is told before hours are spent");
	t.match(await ask("--budget", "long"), { code: 2, err: /--budget is "long"; allowed: a time/ });
});

t.test("JSON and TAP on standard output, JUnit and a page into files", async (t) => {
	const { folder, ask } = await homeWithDaemon(t, withLoss());
	t.same(JSON.parse((await ask("--json")).out), withLoss());
	const [junit, html] = [join(folder, "n.xml"), join(folder, "n.html")];
	const { out } = await ask("--tap", "--junit", junit, "--html", html);
	t.match(out, /^TAP version 14\n.*\n1\.\.2\nnot ok 1 - echo\n/);
	t.match(readFileSync(junit, "utf8"), /^<\?xml .*<failure type="regressed"/s);
	t.match(readFileSync(html, "utf8"), /^<!doctype html>/);
});

t.test("where another runs, it is told who, and nothing is printed as a summary", async (t) => {
	const { ask } = await homeWithDaemon(t, clean(), "nightly n0 runs since three");
	t.match(await ask(), {
		code: 2,
		out: "",
		err: /FLT_CONFLICT: nightly n0 runs since three\n {2}wait/,
	});
});
