import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { parse } from "yaml";
import {
	makeRepository,
	repositoryName,
} from "../../scenarios/contracts/contract-gate/forge/repository.ts";
import { git, sealedEnv } from "../../scenarios/contracts/contract-gate/gate/git.ts";
import type { Scratch } from "../../scenarios/contracts/contract-gate/gate/scratch.ts";
import { samplesBy } from "../../scenarios/contracts/contract-gate/make-samples.ts";
import { measure } from "../../scenarios/contracts/contract-gate/measure-growth.ts";
import { commitStream } from "../../scenarios/contracts/contract-gate/shop/commit-stream.ts";
import type { FileChange } from "../../scenarios/contracts/contract-gate/shop/files.ts";
import { scratchFor } from "./contract-gate.ts";
import { ownPostgres } from "./own-postgres.ts";

// The workflow's own steps on a real clone, and the samples made anew.

interface Step {
	name?: string;
	uses?: string;
	run?: string;
}

const scenario = new URL("../../scenarios/contracts/contract-gate/", import.meta.url);
const workflow = parse(readFileSync(new URL("ci/contract-gate.yml", scenario), "utf8"));
const { steps } = workflow.jobs.gate as { steps: Step[] };
/** Installing is what whoever runs this has done; all else is run as it is written. */
const runnable = steps.filter(({ run }) => run !== undefined && !run.startsWith("npm ci"));

let url: string;
let scratch: Scratch;
t.before(async () => {
	url = await ownPostgres(t);
	scratch = await scratchFor(t, url);
});

/** A clone as a checkout of a pull request is: main is `origin/main`, what is proposed is HEAD. */
async function cloneWith(
	t: { teardown(end: () => void): void },
	files: FileChange[],
): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), "contract-gate-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	await makeRepository(folder, 1, false);
	const at = join(folder, repositoryName);
	const tip = {
		ref: "refs/heads/proposed",
		parents: ["refs/heads/main^0"],
		text: "proposed",
		files,
	};
	await git(["fast-import", "--quiet", "--date-format=raw"], {
		folder: at,
		stdin: commitStream(tip),
	});
	await git(["clone", "--quiet", "--branch=proposed", at, "clone"], { folder });
	return join(folder, "clone");
}

function runStep({ run }: Step, cwd: string): { status: number | null; output: string } {
	const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
	const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", run!], {
		cwd,
		env: { ...sealedEnv, PATH: path, GATE: fileURLToPath(scenario), SCRATCH_URL: url },
		encoding: "utf8",
		timeout: 60_000,
	});
	return { status, output: `${stdout}${stderr}` };
}

t.test(
	"the workflow's steps end well where a change is harmless, and say what is wrong where it is not",
	async (t) => {
		t.equal(runnable.length, 2, "one looks at the repository, one at the change");
		const rows: [sql: string, status: number, says: RegExp][] = [
			[
				"alter table orders add column more text;\n",
				0,
				/passed: HEAD may be merged into origin\/main/,
			],
			["alter table orders drop column note;\n", 1, /blocked: orders\.note \(presence\)/],
			["alter table orders drop column nothing;\n", 1, /blocked: 0010_it \(applies\)/],
		];
		for (const [text, status, says] of rows) {
			const clone = await cloneWith(t, [{ path: "migrations/0010_it.sql", mode: "100644", text }]);
			const ends = runnable.map((step) => runStep(step, clone));
			t.equal(ends.at(-1)!.status, status, `${text}${ends.at(-1)!.output}`);
			t.match(ends.at(-1)!.output, says);
			t.ok(ends.slice(0, -1).every((end) => end.status === 0));
		}
	},
);

t.test("without a database there is no verdict, and the step fails", async (t) => {
	const text = "select 1;\n";
	const clone = await cloneWith(t, [{ path: "migrations/0010_it.sql", mode: "100644", text }]);
	const before = url;
	url = "postgres://nobody@127.0.0.1:1/none";
	const { status, output } = runStep(runnable.at(-1)!, clone);
	url = before;
	t.equal(status, 2, output);
	t.match(output, /no verdict: the scratch database/);
});

t.test("the samples are what the gate says", async (t) => {
	for (const [name, text] of Object.entries(await samplesBy(scratch)))
		t.equal(readFileSync(new URL(`samples/${name}`, scenario), "utf8"), text, name);
});

t.test("what is said of growth can be measured", async (t) => {
	t.ok((await measure(scratch, 4, 1)) > 0);
});
