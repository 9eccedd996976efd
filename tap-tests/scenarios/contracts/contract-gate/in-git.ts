import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import {
	makeShopRepository,
	repositoryName,
} from "../../../../scenarios/contracts/contract-gate/forge/repository.ts";
import { ContractContent } from "../../../../scenarios/subjects/gate/contract-content.ts";
import { Gate } from "../../../../scenarios/subjects/gate/gate.ts";
import { saidFile } from "../../../../scenarios/subjects/gate/said.ts";
import type { Scratch } from "../../../../scenarios/subjects/gate/scratch.ts";
import { gateServer } from "../../../../scenarios/subjects/gate/service.ts";
import { type CloneOf, clonesOf, listening } from "../../subjects/gate/in-git.ts";

export interface InGit {
	repository: string;
	clone: CloneOf;
}

/** The repository of a seed, whose hook asks the gate at this address. */
export async function inGit(
	t: Test,
	seed: number,
	gateUrl: string,
	limitS?: number,
): Promise<InGit> {
	const folder = t.testdir();
	await makeShopRepository(folder, seed, true);
	return {
		repository: join(folder, repositoryName),
		clone: clonesOf(folder, gateUrl, limitS),
	};
}

/** The gate itself, whose scratch database finds this. */
export function gateFinding(
	t: Test,
	findings: Scratch["findings"] = async () => [],
): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), "contract-gate-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	return listening(
		t,
		gateServer(new Gate(new ContractContent({ findings })), join(folder, saidFile)),
	);
}
