import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stream } from "faultline";
import { connectPostgres, variable } from "faultline/subject";
import { commitStream } from "../../subjects/forge/commit-stream.ts";
import { type FileChange, fileChanges } from "../../subjects/forge/file-change.ts";
import { git } from "../../subjects/forge/git.ts";
import { ContractContent } from "../../subjects/gate/contract-content.ts";
import { findingText } from "../../subjects/gate/findings.ts";
import { Gate } from "../../subjects/gate/gate.ts";
import { Repository } from "../../subjects/gate/repository.ts";
import { Scratch } from "../../subjects/gate/scratch.ts";
import { changeText, migrationName, type Part, shopAfter } from "./changes/change.ts";
import { changeOf, kindNames } from "./changes/changes.ts";
import { makeShopRepository, repositoryName } from "./forge/repository.ts";
import { filesOf } from "./shop/files.ts";
import { firstShop } from "./shop/shop.ts";

// What the gate says of every kind of change, as samples: `SCRATCH_URL=postgres://… node make-samples.ts` writes them anew.

const seed = 1;

/** The texts of the samples, by their file names. */
export async function samplesBy(
	scratch: Pick<Scratch, "findings">,
): Promise<Record<string, string>> {
	const folder = mkdtempSync(join(tmpdir(), "contract-gate-"));
	try {
		await makeShopRepository(folder, seed, false);
		const at = join(folder, repositoryName);
		const repository = new Repository(at, {}, new Map());
		const gate = new Gate(new ContractContent(scratch));
		const main = await repository.main();
		const samples = { "failing.txt": "", "succeeding.txt": "" };
		for (const [n, kind] of kindNames.entries()) {
			const change = changeOf(kind, stream(seed, kind), firstShop(seed), n);
			if (change === null || change.way.kind !== "proposed") continue;
			const files = changedFiles(change.parts, n, kind);
			const ref = `refs/heads/${kind}`;
			const tip = { ref, parents: [main], text: kind, files };
			await git(["fast-import", "--quiet", "--date-format=raw"], {
				folder: at,
				stdin: commitStream(tip),
			});
			const head = String(await git(["rev-parse", ref], { folder: at })).trim();
			const { findings } = await gate.change(repository, main, head);
			const lines = findings.map((finding) => `  blocked: ${findingText(finding)}\n`);
			const said = lines.length === 0 ? "  passed\n" : lines.join("");
			samples[lines.length === 0 ? "succeeding.txt" : "failing.txt"] +=
				`${kind}: ${changeText(change)}\n${said}\n`;
		}
		return samples;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function changedFiles(parts: readonly Part[], n: number, kind: string): FileChange[] {
	const before = firstShop(seed);
	return [
		...fileChanges(filesOf(before), filesOf(shopAfter(before, parts, migrationName({ n, kind })))),
		...parts.flatMap(({ files = [], hidden = [] }) => [...files, ...hidden]),
	];
}

if (import.meta.main) {
	const scratch = new Scratch(() => connectPostgres(variable("SCRATCH_URL")), 10_000);
	for (const [name, text] of Object.entries(await samplesBy(scratch)))
		writeFileSync(new URL(`samples/${name}`, import.meta.url), text);
	await scratch.close();
}
