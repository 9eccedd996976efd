import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { connectPostgres } from "../../base/postgres-client.ts";
import { Changes } from "../../scenarios/contracts/mesh-contracts/changes/changes.ts";
import { Developer } from "../../scenarios/contracts/mesh-contracts/developer.ts";
import { makeRepositories } from "../../scenarios/contracts/mesh-contracts/forge/repositories.ts";
import { Asking } from "../../scenarios/contracts/mesh-contracts/gate/asking.ts";
import { folderSource } from "../../scenarios/contracts/mesh-contracts/gate/folder-source.ts";
import { Mains } from "../../scenarios/contracts/mesh-contracts/gate/mains.ts";
import type { Means } from "../../scenarios/contracts/mesh-contracts/gate/mesh-content.ts";
import { meshGate } from "../../scenarios/contracts/mesh-contracts/gate/mesh-gate.ts";
import { Publishing } from "../../scenarios/contracts/mesh-contracts/gate/publishing.ts";
import {
	consumerNames,
	domains,
	repositoryNames,
} from "../../scenarios/contracts/mesh-contracts/mesh/mesh.ts";
import { type Radius, radiiOf } from "../../scenarios/contracts/mesh-contracts/radius.ts";
import { bringChange } from "../../scenarios/contracts/mesh-contracts/trial.ts";
import { saidFile, saidIn } from "../../scenarios/subjects/gate/said.ts";
import { Scratch } from "../../scenarios/subjects/gate/scratch.ts";
import { makeScratchRole, scratchUrl } from "../../scenarios/subjects/gate/scratch-database.ts";
import { gateServer } from "../../scenarios/subjects/gate/service.ts";
import type { TrialReceipt } from "../../scenarios/subjects/gate/trial.ts";
import { listening } from "../scenarios/subjects/gate/in-git.ts";
import { withForge } from "./forge.ts";

// The gate of a mesh without the daemon: Postgres, git's own server and the gate's, as a run has them, and nothing that breaks.

/** What a gate of a mesh decides with, but the mains: databases of the test's own, by the role that the gate has in a run. */
export async function databasesFor(
	t: Test,
	url: string,
): Promise<Pick<Means, "publishing"> & { asking: Asking }> {
	const admin = await connectPostgres(url);
	const database = decodeURIComponent(new URL(url).pathname.slice(1));
	const own = domains.map((domain) => `${database}_${domain}`);
	for (const one of own) await admin.query(`create database "${one}"`);
	await makeScratchRole((text) => admin.query(text), database, [database, ...own]);
	await admin.end();
	const scratch = (name: string) => {
		const as = new URL(scratchUrl(url, database));
		as.pathname = `/${name}`;
		const made = new Scratch(() => connectPostgres(as.href), 5_000);
		t.teardown(() => made.close());
		return made;
	};
	return {
		publishing: new Map(
			domains.map((domain) => [domain, new Publishing(scratch(`${database}_${domain}`))]),
		),
		asking: new Asking(scratch(database), 5_000),
	};
}

/** What a gate with these means says of so many changes of a seed, brought one after another to repositories of their own. */
export async function trialsOf(
	t: Test,
	seed: number,
	count: number,
	means: Pick<Means, "publishing" | "asking">,
): Promise<{ receipts: TrialReceipt[]; radii: Radius[] }> {
	const folder = mkdtempSync(join(tmpdir(), "mesh-contracts-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	await makeRepositories(folder, seed);
	const mains = new Mains(folderSource(folder), repositoryNames);
	const members = { publishers: domains, consumers: consumerNames };
	const said = join(folder, saidFile);
	const gate = meshGate({ ...means, members, mains });
	const gateUrl = await listening(t, gateServer(gate, said));
	return withForge(folder, gateUrl, async (run) => {
		const developer = new Developer(run, 20);
		const changes = new Changes(seed);
		const receipts: TrialReceipt[] = [];
		const limit = AbortSignal.timeout(10_000 * count);
		for (let n = 0; n < count; n++)
			receipts.push(await bringChange(changes.at(n), developer, 6, limit));
		return { receipts, radii: radiiOf(changes, count, saidIn(said)) };
	});
}
