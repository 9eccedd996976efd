import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stream } from "faultline";
import { commitInto } from "../../subjects/forge/commit-into.ts";
import { fileChanges } from "../../subjects/forge/file-change.ts";
import { findingText } from "../../subjects/gate/findings.ts";
import { Gate } from "../../subjects/gate/gate.ts";
import { Repository } from "../../subjects/gate/repository.ts";
import { changeText, meshAfter, migrationName } from "./changes/change.ts";
import { changeOf, kindNames, type Planned } from "./changes/changes.ts";
import { folderOf, makeRepositories } from "./forge/repositories.ts";
import { folderSource } from "./gate/folder-source.ts";
import { Mains } from "./gate/mains.ts";
import { meansOf } from "./gate/means.ts";
import { type Means, MeshContent } from "./gate/mesh-content.ts";
import { filesOf } from "./mesh/files.ts";
import { firstMesh } from "./mesh/first-mesh.ts";
import { consumerNames, domains, repositoryNames } from "./mesh/mesh.ts";

// What the gate says of every kind of change to the mesh as it is at first, as samples: `SCRATCH_URL=postgres://… node
// make-samples.ts` writes them anew.

const seed = 1;

/** The texts of the samples, by their file names. */
export async function samplesBy(
	databases: Pick<Means, "publishing" | "asking">,
): Promise<Record<string, string>> {
	const folder = mkdtempSync(join(tmpdir(), "mesh-contracts-"));
	try {
		await makeRepositories(folder, seed);
		const mains = new Mains(folderSource(folder), repositoryNames);
		const members = { publishers: domains, consumers: consumerNames };
		const gate = new Gate(new MeshContent({ ...databases, members, mains }));
		const samples = { "failing.txt": "", "succeeding.txt": "" };
		for (const [n, kind] of kindNames.entries()) {
			const change = changeOf(kind, stream(seed, kind), firstMesh(seed), n);
			if (change === null || change.proposals.length > 1) continue;
			const { repository, base, tip } = await committed(folder, change);
			const { findings, notes } = await gate.change(repository, base, tip);
			const said = [...findings.map((one) => `blocked: ${findingText(one)}`), ...notes];
			const lines = findings.length === 0 ? ["passed", ...said] : said;
			samples[findings.length === 0 ? "succeeding.txt" : "failing.txt"] +=
				`${kind}: ${changeText(change)}\n${lines.map((line) => `  ${line}\n`).join("")}\n`;
		}
		return samples;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** The change as a commit of its repository, which stays beside main. */
async function committed(folder: string, change: Planned) {
	const { kind, before, proposals } = change;
	const [proposal] = proposals;
	const at = join(folder, folderOf(proposal.repository));
	const repository = new Repository(at, {}, new Map());
	const base = await repository.main();
	const after = meshAfter(before, proposal, migrationName(change));
	const [old, now] = [before, after].map((mesh) => filesOf(mesh, proposal.repository));
	const files = fileChanges(old!, now!);
	const tip = await commitInto(at, {
		ref: `refs/heads/${kind}`,
		parents: [base],
		text: kind,
		files,
	});
	return { repository, base, tip };
}

if (import.meta.main) {
	const members = { publishers: domains, consumers: consumerNames };
	const databases = meansOf({ members, patienceMs: 10_000 });
	for (const [name, text] of Object.entries(await samplesBy(databases)))
		writeFileSync(new URL(`samples/${name}`, import.meta.url), text);
	await databases.close();
}
