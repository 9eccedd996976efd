import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { untapped } from "../../untapped.ts";
import { liveDaemon } from "../daemon.ts";

const scenario = new URL("../../fixtures/scenarios/two-faults.scenario.ts", import.meta.url)
	.pathname;

t.test(
	"a planted loss is found by random faults, shrunk to the two it needs, and written as a scenario that shows it",
	async (t) => {
		const { home } = await liveDaemon(t, { flags: ["--services", "postgres,redis"] });
		// Beside the clone: `faultline` is found from there by the hook of whoever runs the file.
		const folder = mkdtempSync(join(tmpdir(), "faultline-found-"));
		t.teardown(() => rmSync(folder, { recursive: true, force: true }));
		const out = join(folder, "found.scenario.ts");
		const faultline = (...args: string[]) =>
			new Promise<{ status: number | null; document: RunDocument }>((resolve) => {
				const command = ["--no-warnings", "daemon/cli/main.ts", ...args, "--home", home.folder];
				const child = spawn(...untapped(process.execPath, ...command, "--json", "--quiet"), {
					stdio: ["ignore", "pipe", "inherit"],
				});
				let output = "";
				child.stdout!.on("data", (bytes: Buffer) => (output += bytes));
				child.once("close", (status) =>
					resolve({ status, document: JSON.parse(output) as RunDocument }),
				);
			});

		const search = await faultline(
			"explore",
			scenario,
			"--budget",
			"30s",
			"--seed",
			// Two timelines pass, the third has one fault too many.
			"183",
			"--out",
			out,
		);
		t.equal(search.status, 10, JSON.stringify(search.document.reasons));
		const { found, confirmed, trials, tookMs } = search.document.exploration!;
		t.same(found?.map(({ on }) => on).sort(), ["journal", "table"], JSON.stringify(found));
		t.equal(trials.find(({ outcome }) => outcome === "failed")?.faults.length, 3);
		t.equal(confirmed, 3);
		t.comment(`${trials.length} trials in ${tookMs.toFixed(0)} ms`);
		t.match(search.document, {
			verdict: "failed",
			reasons: [{ code: "check_failed", message: /^none-lost / }],
		});

		const shown = await faultline("run", out);
		t.equal(shown.status, 10);
		t.ok(shown.document.checks.some(({ id, ok }) => id === "none-lost" && ok === false));
	},
);
