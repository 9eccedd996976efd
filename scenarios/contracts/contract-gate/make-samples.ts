import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stream } from "faultline";
import { connectPostgres, variable } from "faultline/subject";
import { commitInto } from "../../subjects/forge/commit-into.ts";
import { ContractContent } from "../../subjects/gate/contract-content.ts";
import { findingText } from "../../subjects/gate/findings.ts";
import { Gate } from "../../subjects/gate/gate.ts";
import { Repository } from "../../subjects/gate/repository.ts";
import { Scratch } from "../../subjects/gate/scratch.ts";
import { changeText, migrationName } from "./changes/change.ts";
import { changeOf, kindNames } from "./changes/changes.ts";
import { proposedFiles } from "./forge/proposed-files.ts";
import { makeShopRepository, repositoryName } from "./forge/repository.ts";
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
			const before = firstShop(seed);
			const change = changeOf(kind, stream(seed, kind), before, n);
			if (change === null || change.way.kind !== "proposed") continue;
			const head = await commitInto(at, {
				ref: `refs/heads/${kind}`,
				parents: [main],
				text: kind,
				files: proposedFiles(before, change.parts, migrationName(change)),
			});
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

if (import.meta.main) {
	const scratch = new Scratch(() => connectPostgres(variable("SCRATCH_URL")), 10_000);
	for (const [name, text] of Object.entries(await samplesBy(scratch)))
		writeFileSync(new URL(`samples/${name}`, import.meta.url), text);
	await scratch.close();
}
