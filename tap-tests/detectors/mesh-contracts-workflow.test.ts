import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { connectPostgres } from "../../base/postgres-client.ts";
import { meshAfter } from "../../scenarios/contracts/mesh-contracts/changes/change.ts";
import { dropColumn, said } from "../../scenarios/contracts/mesh-contracts/changes/parts.ts";
import {
	folderOf,
	makeRepositories,
} from "../../scenarios/contracts/mesh-contracts/forge/repositories.ts";
import { samplesBy } from "../../scenarios/contracts/mesh-contracts/make-samples.ts";
import { measure } from "../../scenarios/contracts/mesh-contracts/measure-growth.ts";
import { filesOf } from "../../scenarios/contracts/mesh-contracts/mesh/files.ts";
import { firstMesh } from "../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import { fileChanges } from "../../scenarios/subjects/forge/file-change.ts";
import { Scratch } from "../../scenarios/subjects/gate/scratch.ts";
import { databasesFor } from "./mesh-contracts.ts";
import { ownPostgres } from "./own-postgres.ts";
import { checkedOut, runnableSteps, runStep } from "./workflow-steps.ts";

// The workflow's own steps on real clones, and the samples made anew.

const scenario = new URL("../../scenarios/contracts/mesh-contracts/", import.meta.url);
const runnable = runnableSteps(new URL("ci/mesh-contracts.yml", scenario), "gate");

let url: string;
t.before(async () => {
	url = await ownPostgres(t);
});

/** What the steps of a publisher's workflow say of a column that is dropped, with the mains of all others beside it. */
async function droppedIn(
	t: { teardown(end: () => void): void },
	column: string,
	scratchUrl = url,
): Promise<{ status: number | null; output: string }[]> {
	const folder = mkdtempSync(join(tmpdir(), "mesh-contracts-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	await makeRepositories(folder, 1);
	const before = firstMesh(1);
	const at = { domain: "sales", relation: "orders_v1", column } as const;
	const after = meshAfter(
		before,
		{ repository: "sales", parts: [said(dropColumn(at), at)] },
		"0003_it",
	);
	const files = fileChanges(filesOf(before, "sales"), filesOf(after, "sales"));
	const clone = await checkedOut(folder, folderOf("sales"), files);
	const env = {
		GATE: fileURLToPath(scenario),
		SELF: "sales",
		FORGE: folder,
		PUBLISHERS: "sales crm",
		CONSUMERS: "finance logistics marketing",
		SCRATCH_URL: scratchUrl,
	};
	return runnable.map((step) => runStep(step, clone, env));
}

t.test(
	"the workflow's steps end well where nobody reads what is dropped, and name who does",
	async (t) => {
		t.equal(
			runnable.length,
			3,
			"one looks at the repository, one has the mains, one looks at the change",
		);
		const rows: [column: string, status: number, says: RegExp][] = [
			["note", 0, /passed: HEAD may be merged into origin\/main/],
			[
				"revenue_cents",
				1,
				/blocked: finance\.revenue_by_country\.sales\.orders_v1\.revenue_cents \(presence\)/,
			],
		];
		for (const [column, status, says] of rows) {
			const ends = await droppedIn(t, column);
			const { output } = ends.at(-1)!;
			t.same(
				ends.map((end) => end.status),
				[0, 0, status],
				ends.map((end) => end.output).join(),
			);
			t.match(output, says);
			if (status === 1) t.match(output, /^reach finance\.revenue_by_country$/m);
		}
	},
);

t.test("without a database there is no verdict, and the step fails", async (t) => {
	const { status, output } = (await droppedIn(t, "note", "postgres://nobody@127.0.0.1:1/none")).at(
		-1,
	)!;
	t.equal(status, 2, output);
	t.match(output, /no verdict: the database of sales/);
});

t.test("the samples are what the gate says", async (t) => {
	const databases = await databasesFor(t, url);
	for (const [name, text] of Object.entries(await samplesBy(databases)))
		t.equal(readFileSync(new URL(`samples/${name}`, scenario), "utf8"), text, name);
});

t.test("what is said of growth can be measured", async (t) => {
	const scratch = new Scratch(() => connectPostgres(url), 5_000);
	t.teardown(() => scratch.close());
	t.ok((await measure(scratch, { queries: 4, times: 2 }, 1)) > 0);
});
