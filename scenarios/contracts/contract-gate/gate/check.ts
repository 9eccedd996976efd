import type { Finding } from "./findings.ts";
import { type Contract, readContract } from "./odcs.ts";
import { isNothing, isProposal, mergeFinding, type RefUpdate, refFinding } from "./refs.ts";
import { commitsMax, type Repository } from "./repository.ts";
import { NoVerdict, type Scratch, type SqlFile } from "./scratch.ts";
import {
	changeFindings,
	contractOf,
	type Entry,
	entryFindings,
	migrationOf,
	modelOf,
} from "./tree.ts";
import { versionFindings } from "./versions.ts";

/** What the gate says of a push. */
export type Verdict =
	| { kind: "passed" }
	| { kind: "blocked"; findings: Finding[] }
	/** It is no answer, and so lets nothing pass; whoever asked may ask again. */
	| { kind: "none"; why: string };

/**
 * The gate: what may be pushed, decided on the tree that main would have. What it finds of a tree hangs on that tree and on
 * the one that main has, so that a proposal that has passed is merged at once where main is still where it was.
 */
export class Gate {
	readonly #scratch: Pick<Scratch, "findings">;
	/** What was found of a tree after a commit of main; that it was looked at at all is what counts. */
	readonly #known = new Map<string, Finding[]>();
	/** The trees that main and a proposal make. */
	readonly #merged = new Map<string, string>();
	/** The files of commits and trees, which never change. */
	readonly #listed = new Map<string, Entry[]>();

	constructor(scratch: Pick<Scratch, "findings">) {
		this.#scratch = scratch;
	}

	/** A push is one answer: all of it passes, or nothing. */
	async judge(repository: Repository, updates: readonly RefUpdate[]): Promise<Verdict> {
		try {
			const findings: Finding[] = [];
			for (const update of updates) findings.push(...(await this.#update(repository, update)));
			return findings.length === 0 ? { kind: "passed" } : { kind: "blocked", findings };
		} catch (error) {
			// What it could not find out it does not let pass, whatever the reason.
			const why = error instanceof Error ? error.message : String(error);
			return { kind: "none", why: error instanceof NoVerdict ? why : `it broke: ${why}` };
		}
	}

	/** What is wrong with a proposal: with what its commits bring, and with what main would be with it. */
	async change(repository: Repository, base: string, tip: string): Promise<Finding[]> {
		const brought = await repository.brought(base, tip);
		if (brought === null)
			return [{ place: ["main"], rule: "size", why: `it has more than ${commitsMax} commits` }];
		const { files } = brought;
		const known = brought.tree === null ? [] : await this.#entries(repository, brought.tree);
		const bytes = new Map(known.map(({ oid, bytes }) => [oid, bytes]));
		const others = files.filter(({ oid }) => !bytes.has(oid)).map(({ oid }) => oid);
		if (others.length > 0)
			for (const [oid, size] of await repository.sizes(others)) bytes.set(oid, size);
		const findings = files
			.map((file): Entry => ({ ...file, bytes: bytes.get(file.oid) ?? null }))
			.flatMap(entryFindings);
		// What no tree may hold is not merged, nor opened.
		if (findings.length > 0) return findings;
		const tree = brought.tree ?? (await repository.mergedTree(base, tip));
		if (tree === null)
			return [{ place: ["main"], rule: "conflict", why: "it can't be merged into main as it is" }];
		this.#merged.set(`${base} ${tip}`, tree);
		return this.#tree(repository, base, tree);
	}

	async #update(repository: Repository, update: RefUpdate): Promise<Finding[]> {
		const finding = refFinding(update);
		if (finding !== null) return [finding];
		const { ref, before, after } = update;
		if (isProposal(ref)) {
			if (isNothing(after)) return [];
			return this.change(repository, await repository.main(), after);
		}
		const { parents, tree } = await repository.commit(after);
		const [first, second] = parents;
		const isMerge = parents.length === 2 && first === before;
		const facts = {
			parents,
			tree,
			goesOn: first === before || (await repository.isAncestor(before, after)),
			secondIsProposed: isMerge && (await repository.isProposed(second!)),
			mergedTree: isMerge
				? (this.#merged.get(`${before} ${second}`) ??
					(await repository.mergedTree(before, second!)))
				: null,
		};
		const wrong = mergeFinding(before, facts);
		return wrong === null ? this.#tree(repository, before, tree) : [wrong];
	}

	async #entries(repository: Repository, oid: string): Promise<Entry[]> {
		const entries = this.#listed.get(oid) ?? (await repository.entries(oid));
		this.#listed.set(oid, entries);
		return entries;
	}

	/** Of a tree that main would have after a commit. */
	async #tree(repository: Repository, base: string, tree: string): Promise<Finding[]> {
		const key = `${base} ${tree}`;
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const before = await this.#entries(repository, base);
		const after = await this.#entries(repository, tree);
		const findings = await this.#content(repository, before, after);
		this.#known.set(key, findings);
		return findings;
	}

	async #content(repository: Repository, before: Entry[], after: Entry[]): Promise<Finding[]> {
		const findings = [...after.flatMap(entryFindings), ...changeFindings(before, after)];
		if (findings.length > 0) return findings;
		const read = [...before, ...after].filter(({ path }) => isRead(path));
		const texts = await repository.texts(read.map(({ oid }) => oid));
		const text = ({ oid }: Entry) => texts.get(oid)!;
		const [old, now] = [contractsOf(before, text), contractsOf(after, text)];
		findings.push(...now.findings, ...contractFindings(old.contracts, now.contracts));
		// What is no contract promises nothing that a structure could be held against.
		if (now.findings.length > 0) return findings;
		const there = filesOf(before, migrationOf, text);
		const names = new Set(there.map(({ name }) => name));
		const tried = await this.#scratch.findings({
			before: there,
			steps: filesOf(after, migrationOf, text).filter(({ name }) => !names.has(name)),
			models: filesOf(after, modelOf, text),
			contracts: [...now.contracts.values()],
		});
		return [...findings, ...tried];
	}
}

function isRead(path: string): boolean {
	return [migrationOf, modelOf, contractOf].some((nameOf) => nameOf(path) !== null);
}

/** The files of a kind, in the order of their names. */
function filesOf(
	entries: readonly Entry[],
	nameOf: (path: string) => string | null,
	text: (entry: Entry) => string,
): SqlFile[] {
	return entries
		.flatMap((entry) => {
			const name = nameOf(entry.path);
			return name === null ? [] : [{ name, sql: text(entry) }];
		})
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function contractsOf(entries: readonly Entry[], text: (entry: Entry) => string) {
	const contracts = new Map<string, Contract>();
	const findings: Finding[] = [];
	for (const entry of entries) {
		const file = contractOf(entry.path);
		if (file === null) continue;
		const read = readContract(file, text(entry));
		if ("contract" in read) contracts.set(file, read.contract);
		else findings.push(...read.findings);
	}
	return { contracts, findings };
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
