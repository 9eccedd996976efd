import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { Parser } from "tap-parser";
import type { NightlyDocument } from "../../../daemon/nightly/document.ts";
import { xmlProblem } from "../../daemon/nightly/xml.ts";
import { untapped } from "../../untapped.ts";
import { temporaryHome } from "../daemon.ts";

const fixture = (name: string) =>
	fileURLToPath(new URL(`../../fixtures/scenarios/nightly/${name}.scenario.ts`, import.meta.url));

t.test(
	"two scenarios and a twin: a clean night ends with 0, one with a planted loss with 11, in every form",
	async (t) => {
		const home = temporaryHome(t);
		const baselines = join(home.folder, "baselines");
		const faultline = (args: string[], env: Record<string, string> = {}) =>
			new Promise<{ status: number | null; out: string }>((resolve) => {
				const where = ["--home", home.folder, "--baselines", baselines];
				const command = ["--no-warnings", "daemon/cli/main.ts", ...args, ...where];
				const child = spawn(...untapped(process.execPath, ...command), {
					stdio: ["ignore", "pipe", "inherit"],
					env: { ...process.env, ...env },
				});
				let out = "";
				child.stdout!.on("data", (bytes: Buffer) => (out += bytes));
				child.once("close", (status) => resolve({ status, out }));
			});
		const only = ["--only", `${fixture("rows")},${fixture("twin")}`, "--quiet"];

		const first = await faultline(["nightly", ...only, "--json"]);
		const night = JSON.parse(first.out) as NightlyDocument;
		t.equal(first.status, 0, night.headline);
		t.match(night.results, [
			{ scenario: "rows", guard: "on", outcome: "as_expected", baseline: null },
			{ scenario: "twin", guard: "on", run: { verdict: "passed" } },
			{ scenario: "twin", guard: "off", run: { verdict: "failed", asExpected: true } },
		]);
		const kept = join(home.nightly, `${night.id}.json`);
		t.same(JSON.parse(readFileSync(kept, "utf8")), night, "the summary is kept");
		t.ok(existsSync(join(home.history, "rows.ndjson")), "and so is the night");

		const ids = [night.results[0]!.run!.runId];
		const accepted = await faultline(["baseline", "accept", ...ids, "--reason", "clean"]);
		t.equal(accepted.status, 0, accepted.out);

		const [junit, html] = [join(home.folder, "n.xml"), join(home.folder, "n.html")];
		const files = ["--junit", junit, "--html", html];
		const bad = await faultline(["nightly", ...only, "--tap", ...files], { PLANTED_LOSS: "3" });
		t.equal(bad.status, 11, bad.out);
		const failures: string[] = [];
		const parser = new Parser({ strict: true });
		parser.on("assert", ({ ok, name, diag }) => {
			if (!ok) failures.push(`${name}: ${diag.why}`);
		});
		parser.end(bad.out);
		t.match(failures, [/^rows: rows_lost_count: it was 0 and is 3/]);
		t.match(parser.results, { count: 3, pass: 2, fail: 1, plan: { end: 3 } });
		const xml = readFileSync(junit, "utf8");
		t.equal(xmlProblem(xml), null);
		t.match(xml, /tests="3" failures="1" errors="0" skipped="0"/);
		t.match(readFileSync(html, "utf8"), /<div class="verdict bad">.*1 regressed \(rows\)/);
	},
);
