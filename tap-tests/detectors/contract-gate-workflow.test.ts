import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import {
	makeShopRepository,
	repositoryName,
} from "../../scenarios/contracts/contract-gate/forge/repository.ts";
import { samplesBy } from "../../scenarios/contracts/contract-gate/make-samples.ts";
import { measure } from "../../scenarios/contracts/contract-gate/measure-growth.ts";
import type { FileChange } from "../../scenarios/subjects/forge/file-change.ts";
import type { Scratch } from "../../scenarios/subjects/gate/scratch.ts";
import { scratchFor } from "./contract-gate.ts";
import { ownPostgres } from "./own-postgres.ts";
import { checkedOut, runnableSteps, runStep } from "./workflow-steps.ts";

// The workflow's own steps on a real clone, and the samples made anew.

const scenario = new URL("../../scenarios/contracts/contract-gate/", import.meta.url);
const runnable = runnableSteps(new URL("ci/contract-gate.yml", scenario), "gate");
const env = () => ({ GATE: fileURLToPath(scenario), SCRATCH_URL: url });

let url: string;
let scratch: Scratch;
t.before(async () => {
	url = await ownPostgres(t);
	scratch = await scratchFor(t, url);
});

async function cloneWith(
	t: { teardown(end: () => void): void },
	files: FileChange[],
): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), "contract-gate-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	await makeShopRepository(folder, 1, false);
	return checkedOut(folder, repositoryName, files);
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
			const ends = runnable.map((step) => runStep(step, clone, env()));
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
	const { status, output } = runStep(runnable.at(-1)!, clone, env());
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
