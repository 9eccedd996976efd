import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import type { SuiteDocument } from "../../../daemon/suites/document.ts";
import { untapped } from "../../untapped.ts";
import { temporaryHome } from "../daemon.ts";

const file = fileURLToPath(new URL("../../fixtures/suites/losses.suite.ts", import.meta.url));

t.test(
	"a suite of the user's own runs its steps, with one table at the end and a step that can't be run told",
	async (t) => {
		const home = temporaryHome(t);
		const faultline = (...args: string[]) =>
			new Promise<{ status: number | null; out: string }>((resolve) => {
				const command = ["--no-warnings", "daemon/cli/main.ts", ...args, "--home", home.folder];
				const child = spawn(...untapped(process.execPath, ...command), {
					stdio: ["ignore", "pipe", "inherit"],
				});
				let out = "";
				child.stdout!.on("data", (bytes: Buffer) => (out += bytes));
				child.once("close", (status) => resolve({ status, out }));
			});
		const { status, out } = await faultline("run", file, "--json", "--quiet", "--seed", "3");
		const suite = JSON.parse(out) as SuiteDocument;
		t.equal(status, 12, suite.headline);
		t.match(suite, {
			suite: "losses",
			state: "done",
			outcome: "not_run",
			given: { seed: "3" },
			headline: "1 not run (./nowhere.scenario.ts); 2 of 3 as expected, 2 at the first try",
			steps: [
				{ outcome: "as_expected", run: { verdict: "failed", expect: "failed", asExpected: true } },
				{ outcome: "as_expected", run: { verdict: "failed", expect: "failed", asExpected: true } },
				{ outcome: "not_run", run: null, error: { code: "FLT_SCENARIO_UNKNOWN" } },
			],
		});
		t.same(suite.notes, ["2 runs were looked at"]);
		t.same(suite.table, {
			values: [
				{ heading: "rows lost", unit: "count" },
				{ heading: "ended", unit: null },
			],
			columns: ["on", "off", ""],
			rows: [
				{
					heading: "./rows.scenario.ts",
					cells: [
						[2, "failed: 2 lost"],
						[1, "failed: 1 lost"],
						[null, null],
					],
				},
				{
					heading: "./nowhere.scenario.ts",
					cells: [
						[null, null],
						[null, null],
						[null, null],
					],
				},
			],
		});
		const kept = join(home.suites, `${suite.id}.json`);
		t.same(JSON.parse(readFileSync(kept, "utf8")), suite, "the record is kept");
		const runs = suite.steps
			.flatMap(({ run }) => run?.runId ?? [])
			.map(
				(id) => JSON.parse(readFileSync(join(home.runs, id, "run.json"), "utf8")) as RunDocument,
			);
		t.same(
			runs.map(({ params, expect }) => [params.lostCount, params.guard, params.seed, expect]),
			[
				[2, "on", 3, "failed"],
				[0, "off", 3, "failed"],
			],
			"the run knows what was expected of it",
		);
	},
);
