import type { Finding } from "./findings.ts";
import type { Content, Judged, TreeChange } from "./gate.ts";
import type { Contract } from "./odcs.ts";
import { added, isRead, packageOf } from "./package.ts";
import type { Scratch } from "./scratch.ts";
import { changeFindings, type Entry, entryFindings } from "./tree.ts";
import { versionFindings } from "./versions.ts";

/** A repository by its own contracts: they are held against what its migrations and models make, and against what they were. */
export class ContractContent implements Content<{ stamp: string }> {
	readonly #scratch: Pick<Scratch, "findings">;

	constructor(scratch: Pick<Scratch, "findings">) {
		this.#scratch = scratch;
	}

	/** It hangs on nothing else. */
	async look(): Promise<{ stamp: string }> {
		return { stamp: "" };
	}

	async judge(_: { stamp: string }, change: TreeChange): Promise<Judged> {
		return { findings: await this.#findings(change), notes: [] };
	}

	async #findings({ repository, before, after }: TreeChange): Promise<Finding[]> {
		const findings = [...after.flatMap(entryFindings), ...changeFindings(before, after)];
		if (findings.length > 0) return findings;
		const read = [...before, ...after].filter(({ path }) => isRead(path));
		const texts = await repository.texts(read.map(({ oid }) => oid));
		const text = ({ oid }: Entry) => texts.get(oid)!;
		const [old, now] = [packageOf(before, text), packageOf(after, text)];
		findings.push(...now.findings, ...contractFindings(old.contracts, now.contracts));
		// What is no contract promises nothing that a structure could be held against.
		if (now.findings.length > 0) return findings;
		const tried = await this.#scratch.findings({
			before: old.migrations,
			steps: added(now, old),
			models: now.models,
			contracts: [...now.contracts.values()],
		});
		return [...findings, ...tried];
	}
}

/** Each contract held against what it was: by its file, so that one can't become another by a new name. */
export function contractFindings(
	before: ReadonlyMap<string, Contract>,
	after: ReadonlyMap<string, Contract>,
): Finding[] {
	return [...before].flatMap(([file, contract]) => {
		const next = after.get(file);
		return next === undefined
			? [{ place: [file], rule: "version", why: "a contract that was given is not taken back" }]
			: versionFindings(contract, next);
	});
}
