import "../bare-node.ts";
import {
	existsSync,
	readdirSync,
	readFileSync,
	statSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runCli } from "../../../daemon/cli/cli.ts";
import { openHome } from "../../../daemon/home.ts";
import { render } from "../../../daemon/report/render.ts";
import { reportOf } from "../../../daemon/report/run-report.ts";
import type { RunStore } from "../../../daemon/runs/store.ts";
import { apiRig } from "../api/rig.ts";
import { storedRun } from "./full-report.ts";

const atOnce = (make: () => Promise<void>) => make();

t.test("a report is a file, made by a process of its own that is gone afterwards", async (t) => {
	const { folder, document, store } = storedRun(t.testdir());
	const file = await reportOf(document, store, atOnce);
	t.equal(file, join(folder, "report.html"));
	const html = readFileSync(file, "utf8");
	t.match(html, "of 540 accepted orders 0 are lost");
	t.match(html, /<\/html>\n$/);
	t.same(
		readdirSync(folder).filter((name) => name.endsWith(".tmp")),
		[],
		"no draft is left",
	);
});

t.test("it is made once, and again when the record is another", async (t) => {
	const { folder, document, store } = storedRun(t.testdir());
	let made = 0;
	const ask = () =>
		reportOf(document, store, async (make) => {
			made += 1;
			await make();
		});
	const file = await ask();
	const before = statSync(file).mtimeMs;
	await ask();
	t.equal(made, 1);
	utimesSync(join(folder, "run.json"), new Date(), new Date(before + 5_000));
	await Promise.all([ask(), ask()]);
	t.not(statSync(file).mtimeMs, before);
});

t.test("a run that is not over has none yet", async (t) => {
	const { document, store } = storedRun(t.testdir(), { state: "steady" });
	await t.rejects(reportOf(document, store, atOnce), {
		code: "FLT_CONFLICT",
		message: /is steady/,
	});
});

t.test("what goes wrong in the host is said by the one who asked", async (t) => {
	const folder = t.testdir();
	const out = join(folder, "report.html");
	await t.rejects(render({ kind: "run", folder: join(folder, "nobody"), others: [], out }), {
		message: /could not be rendered: no run "nobody"/,
	});
	t.notOk(existsSync(out));
});

t.test("GET /runs/:id/report answers with the page", async (t) => {
	const { ask, store } = await apiRig(t);
	const { document } = storedRun((store as RunStore).folder);
	const { status, text, headers } = await ask("GET", `/runs/${document.runId}/report`);
	t.equal(status, 200);
	t.match(headers["content-type"], "text/html; charset=utf-8");
	t.match(text, "of 540 accepted orders 0 are lost");
	t.equal((await ask("GET", "/runs/nobody/report")).status, 404);
	const queued = (await ask("GET", "/scenarios/retry-storm/start")).body;
	t.match((await ask("GET", queued.links.report)).body, { error: { code: "FLT_CONFLICT" } });
});

t.test("faultline report RUN makes it anew, here or where it is asked for", async (t) => {
	const home = openHome(join(t.testdir(), "home"));
	const { document, folder } = storedRun(home.runs);
	const report = async (...more: string[]) => {
		let said = "";
		const out = t.intercept(process.stdout, "write", { value: (text: string) => (said += text) });
		try {
			await runCli(["report", document.runId, "--home", home.folder, ...more]);
			return said;
		} finally {
			out.restore();
		}
	};
	writeFileSync(join(folder, "report.html"), "of an older version");
	t.equal(await report(), `${join(folder, "report.html")}\n`);
	t.match(readFileSync(join(folder, "report.html"), "utf8"), "540 accepted orders");
	const elsewhere = join(home.folder, "copy.html");
	t.equal(await report("--out", elsewhere), `${elsewhere}\n`);
	t.match(readFileSync(elsewhere, "utf8"), "540 accepted orders");
	await t.rejects(report("--out", join(home.folder, "no", "folder.html")), { code: "FLT_USAGE" });
	await t.rejects(runCli(["report", "nobody", "--home", home.folder]), { code: "FLT_NOT_FOUND" });
});
