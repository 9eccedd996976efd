import { join } from "node:path";
import { commitInto } from "../../../subjects/forge/commit-into.ts";
import { type FileChange, fileChanges } from "../../../subjects/forge/file-change.ts";
import { ContractContent } from "../../../subjects/gate/contract-content.ts";
import type { Finding } from "../../../subjects/gate/findings.ts";
import { Gate } from "../../../subjects/gate/gate.ts";
import { Repository } from "../../../subjects/gate/repository.ts";
import type { Scratch } from "../../../subjects/gate/scratch.ts";
import { migrationName, type Part, shopAfter } from "../changes/change.ts";
import type { Planned } from "../changes/changes.ts";
import { proposedFiles } from "../forge/proposed-files.ts";
import { makeShopRepository, repositoryName } from "../forge/repository.ts";
import { filesOf } from "../shop/files.ts";
import { firstShop, type Shop } from "../shop/shop.ts";

/** The gate in this process, on a repository in a folder: what it is asked about is committed there, and nothing is pushed. */
export class OwnGate {
	readonly #at: string;
	readonly #repository: Repository;
	readonly #gate: Gate<{ stamp: string }>;
	/** What main holds. */
	#main: Record<string, string>;

	private constructor(at: string, scratch: Pick<Scratch, "findings">, seed: number) {
		this.#at = at;
		this.#repository = new Repository(at, {}, new Map());
		this.#gate = new Gate(new ContractContent(scratch));
		this.#main = filesOf(firstShop(seed));
	}

	static async open(
		folder: string,
		scratch: Pick<Scratch, "findings">,
		seed: number,
	): Promise<OwnGate> {
		await makeShopRepository(folder, seed, false);
		return new OwnGate(join(folder, repositoryName), scratch, seed);
	}

	/** What it finds of a change that is proposed to a main as it was before it; of a pair, when the second is to be merged. */
	async findings(change: Planned): Promise<Finding[]> {
		const { before, parts, way } = change;
		await this.#holds(before);
		const head = await this.#proposed(change, parts, 0);
		const alone = await this.#found(head);
		if (way.kind !== "pair" || alone.length > 0) return alone;
		const second = await this.#proposed(change, way.second, 1);
		await this.#holds(shopAfter(before, parts, migrationName(change)));
		return this.#found(second);
	}

	async #found(head: string): Promise<Finding[]> {
		const main = await this.#repository.main();
		return (await this.#gate.change(this.#repository, main, head)).findings;
	}

	#proposed(change: Planned, parts: readonly Part[], place: 0 | 1): Promise<string> {
		const files = proposedFiles(change.before, parts, migrationName(change, place));
		return this.#commit(`refs/heads/changes/${change.n}-${place}`, files);
	}

	async #holds(shop: Shop): Promise<void> {
		const files = filesOf(shop);
		const changed = fileChanges(this.#main, files);
		if (changed.length > 0) await this.#commit("refs/heads/main", changed);
		this.#main = files;
	}

	#commit(ref: string, files: FileChange[]): Promise<string> {
		return commitInto(this.#at, { ref, parents: ["refs/heads/main^0"], text: ref, files });
	}
}
