import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { connectPostgres } from "../../base/postgres-client.ts";
import { Changes } from "../../scenarios/contracts/contract-gate/changes/changes.ts";
import { Developer } from "../../scenarios/contracts/contract-gate/developer.ts";
import { makeShopRepository } from "../../scenarios/contracts/contract-gate/forge/repository.ts";
import { bringChange } from "../../scenarios/contracts/contract-gate/trial.ts";
import { ContractContent } from "../../scenarios/subjects/gate/contract-content.ts";
import { Gate } from "../../scenarios/subjects/gate/gate.ts";
import { saidFile } from "../../scenarios/subjects/gate/said.ts";
import { Scratch } from "../../scenarios/subjects/gate/scratch.ts";
import { makeScratchRole, scratchUrl } from "../../scenarios/subjects/gate/scratch-database.ts";
import { gateServer } from "../../scenarios/subjects/gate/service.ts";
import type { TrialReceipt } from "../../scenarios/subjects/gate/trial.ts";
import { listening } from "../scenarios/subjects/gate/in-git.ts";
import { withForge } from "./forge.ts";

// The gate without the daemon: Postgres, git's own server and the gate's, as a run has them, and nothing that breaks.

/** A database as the role that the gate has in a run, which is made there. */
export async function scratchUrlFor(url: string): Promise<string> {
	const admin = await connectPostgres(url);
	const { pathname } = new URL(url);
	const database = decodeURIComponent(pathname.slice(1));
	await makeScratchRole((text) => admin.query(text), database);
	await admin.end();
	return scratchUrl(url, database);
}

/** A scratch database of the test's own. */
export async function scratchFor(t: Test, url: string): Promise<Scratch> {
	const as = await scratchUrlFor(url);
	const scratch = new Scratch(() => connectPostgres(as), 5_000);
	t.teardown(() => scratch.close());
	return scratch;
}

/** What the gate says of so many changes of a seed, brought one after another to a repository of their own. */
export async function trialsOf(
	t: Test,
	seed: number,
	count: number,
	scratch: Pick<Scratch, "findings">,
): Promise<TrialReceipt[]> {
	const folder = mkdtempSync(join(tmpdir(), "contract-gate-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const server = gateServer(new Gate(new ContractContent(scratch)), join(folder, saidFile));
	const gateUrl = await listening(t, server);
	await makeShopRepository(folder, seed, true);
	return withForge(folder, gateUrl, async (run) => {
		const developer = new Developer(run, 20);
		const changes = new Changes(seed);
		const receipts: TrialReceipt[] = [];
		const limit = AbortSignal.timeout(10_000 * count);
		for (let n = 0; n < count; n++)
			receipts.push(await bringChange(changes.at(n), developer, 6, limit));
		return receipts;
	});
}
