import type { Finding } from "./findings.ts";
import { isNothing, isProposal, mergeFinding, type RefUpdate, refFinding } from "./refs.ts";
import { commitsMax, type Repository } from "./repository.ts";
import { NoVerdict } from "./scratch.ts";
import { type Entry, entryFindings } from "./tree.ts";

/** What the gate says of a push. */
export type Verdict =
	| { kind: "passed"; notes: string[] }
	| { kind: "blocked"; findings: Finding[]; notes: string[] }
	/** It is no answer, and so lets nothing pass; whoever asked may ask again. */
	| { kind: "none"; why: string };

/** What was found of a tree, and what whoever pushes it is told besides. */
export interface Judged {
	findings: Finding[];
	notes: string[];
}

/** What a tree has to be like, beyond what git and the names of its files say. */
export interface Content<World extends { stamp: string }> {
	/** What else than the tree the answer hangs on; where the stamp is another, it is looked at again. */
	look(repository: Repository): Promise<World>;
	judge(world: World, change: TreeChange): Promise<Judged>;
}

/** The files that main has, and those that it would have. */
export interface TreeChange {
	repository: Repository;
	before: Entry[];
	after: Entry[];
}

const nothing: Judged = { findings: [], notes: [] };

/**
 * The gate: what may be pushed, decided on the tree that main would have. What it finds of a tree hangs on that tree and on
 * the one that main has, so that a proposal that has passed is merged at once where main is still where it was.
 */
export class Gate<World extends { stamp: string }> {
	readonly #content: Content<World>;
	/** What was found of a tree after a commit of main; that it was looked at at all is what counts. */
	readonly #known = new Map<string, Judged>();
	/** The trees that main and a proposal make. */
	readonly #merged = new Map<string, string>();
	/** The files of commits and trees, which never change. */
	readonly #listed = new Map<string, Entry[]>();

	constructor(content: Content<World>) {
		this.#content = content;
	}

	/** A push is one answer: all of it passes, or nothing. */
	async judge(repository: Repository, updates: readonly RefUpdate[]): Promise<Verdict> {
		try {
			const all: Judged[] = [];
			for (const update of updates) all.push(await this.#update(repository, update));
			const findings = all.flatMap((one) => one.findings);
			const notes = all.flatMap((one) => one.notes);
			return findings.length === 0
				? { kind: "passed", notes }
				: { kind: "blocked", findings, notes };
		} catch (error) {
			// What it could not find out it does not let pass, whatever the reason.
			const why = error instanceof Error ? error.message : String(error);
			return { kind: "none", why: error instanceof NoVerdict ? why : `it broke: ${why}` };
		}
	}

	/** What is wrong with a proposal: with what its commits bring, and with what main would be with it. */
	async change(repository: Repository, base: string, tip: string): Promise<Judged> {
		const brought = await repository.brought(base, tip);
		if (brought === null) return wrong("size", `it has more than ${commitsMax} commits`);
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
		if (findings.length > 0) return { findings, notes: [] };
		const tree = brought.tree ?? (await repository.mergedTree(base, tip));
		if (tree === null) return wrong("conflict", "it can't be merged into main as it is");
		this.#merged.set(`${base} ${tip}`, tree);
		return this.#tree(repository, base, tree);
	}

	async #update(repository: Repository, update: RefUpdate): Promise<Judged> {
		const finding = refFinding(update);
		if (finding !== null) return { findings: [finding], notes: [] };
		const { ref, before, after } = update;
		if (isProposal(ref)) {
			if (isNothing(after)) return nothing;
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
		const found = mergeFinding(before, facts);
		return found === null ? this.#tree(repository, before, tree) : { findings: [found], notes: [] };
	}

	async #entries(repository: Repository, oid: string): Promise<Entry[]> {
		const entries = this.#listed.get(oid) ?? (await repository.entries(oid));
		this.#listed.set(oid, entries);
		return entries;
	}

	/** Of a tree that main would have after a commit. */
	async #tree(repository: Repository, base: string, tree: string): Promise<Judged> {
		const world = await this.#content.look(repository);
		const key = `${world.stamp} ${base} ${tree}`;
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const before = await this.#entries(repository, base);
		const after = await this.#entries(repository, tree);
		const judged = await this.#content.judge(world, { repository, before, after });
		this.#known.set(key, judged);
		return judged;
	}
}

function wrong(rule: string, why: string): Judged {
	return { findings: [{ place: ["main"], rule, why }], notes: [] };
}
