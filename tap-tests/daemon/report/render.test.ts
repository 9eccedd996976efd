import "../bare-node.ts";
import {
	cpSync,
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
import { acceptRuns } from "../../../daemon/compare/accept.ts";
import { BaselineStore } from "../../../daemon/compare/baseline-store.ts";
import { compareWithRun } from "../../../daemon/compare/with-run.ts";
import { openHome } from "../../../daemon/home/home.ts";
import type { RunStore } from "../../../daemon/record/store.ts";
import { render } from "../../../daemon/report/render.ts";
import { comparisonReportOf, reportOf } from "../../../daemon/report/run-report.ts";
import { apiRig } from "../api/rig.ts";
import { storedRun } from "./full-report.ts";

const sources = {
	baselines: new BaselineStore("/nowhere"),
	when: (make: () => Promise<void>) => make(),
};

t.test("a report is a file, made by a process of its own that is gone afterwards", async (t) => {
	const { folder, document, store } = storedRun(t.testdir());
	const file = await reportOf(document, { ...sources, store });
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
		reportOf(document, {
			...sources,
			store,
			async when(make) {
				made += 1;
				await make();
			},
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
	await t.rejects(reportOf(document, { ...sources, store }), {
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

t.test(
	"the baseline's percentiles are drawn beside the run's, and a new one is drawn anew",
	async (t) => {
		const folder = t.testdir();
		const { document, store } = storedRun(folder);
		const done = { ...document, state: "done", verdict: "passed", asExpected: true } as const;
		store.save(done);
		const baselines = new BaselineStore(join(folder, "baselines"));
		const ask = async () =>
			readFileSync(await reportOf(done, { ...sources, store, baselines }), "utf8");
		t.notMatch(await ask(), /baseline, steady/);
		const at = { reason: "it is good", at: "2026-01-01T00:00:00Z" };
		baselines.save(acceptRuns(null, [done], at).baseline);
		const later = new Date(Date.now() + 5_000);
		utimesSync(baselines.fileOf(done.scenario), later, later);
		t.match(await ask(), /baseline, steady/);
	},
);

t.test("a comparison has a page, with the curves of both sides", async (t) => {
	const { document, store } = storedRun(t.testdir());
	const other = { ...document, runId: `${document.runId}-b` };
	cpSync(store.folderOf(document.runId), store.folderOf(other.runId), { recursive: true });
	store.save(other);
	const comparison = compareWithRun(document, other);
	const file = await comparisonReportOf(comparison, { ...sources, store });
	const folder = store.folderOf(document.runId);
	t.ok(file.startsWith(join(folder, `compare-${other.runId}-`)));
	const never = async () => void t.fail("it is made once");
	t.equal(await comparisonReportOf(comparison, { ...sources, store, when: never }), file);
	for (let n = 0; n < 40; n++) writeFileSync(join(folder, `compare-old-${n}.html`), "");
	const changed = { ...comparison, notes: ["another"] };
	t.not(await comparisonReportOf(changed, { ...sources, store }), file, "another comparison");
	t.equal(readdirSync(folder).filter((name) => /^compare-/.test(name)).length, 20, "some are kept");
	const made = await comparisonReportOf(comparison, { ...sources, store });
	t.equal(made, file);
	const html = readFileSync(file, "utf8");
	t.match(html, other.runId);
	t.match(html, /<svg/);
});
