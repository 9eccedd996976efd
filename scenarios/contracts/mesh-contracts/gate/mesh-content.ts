import type { Finding } from "../../../subjects/gate/findings.ts";
import type { Content, Judged, TreeChange } from "../../../subjects/gate/gate.ts";
import { isRead, type Package, packageOf } from "../../../subjects/gate/package.ts";
import type { Repository } from "../../../subjects/gate/repository.ts";
import { NoVerdict } from "../../../subjects/gate/scratch.ts";
import { changeFindings, type Entry, entryFindings } from "../../../subjects/gate/tree.ts";
import type { Asking, Datasets } from "./asking.ts";
import { type ConsumerTest, readTest, testOf } from "./consumer-test.ts";
import type { Dataset } from "./dataset.ts";
import type { Main, Mains } from "./mains.ts";
import { negotiationFindings } from "./negotiation.ts";
import type { Publishing } from "./publishing.ts";
import { reachOf } from "./reach.ts";

/** What else there is when a change is looked at: the mains of all others. */
export interface World {
	stamp: string;
	mains: ReadonlyMap<string, Main>;
}

/** Who is in a mesh. */
export interface Members {
	publishers: readonly string[];
	consumers: readonly string[];
}

/** What a gate of a mesh decides with. */
export interface Means {
	members: Members;
	mains: Pick<Mains, "but">;
	/** By the names of the domains. */
	publishing: ReadonlyMap<string, Pick<Publishing, "after" | "of">>;
	/** Null of a gate that asks nobody: each tests itself. */
	asking: Pick<Asking, "findings"> | null;
}

/** The repositories of a mesh: a publisher's by its own contracts and its consumers' tests, a consumer's by its own tests. */
export class MeshContent implements Content<World> {
	readonly #means: Means;

	constructor(means: Means) {
		this.#means = means;
	}

	async look({ name }: Repository): Promise<World> {
		if (this.#means.asking === null) return { stamp: "", mains: new Map() };
		const mains = await this.#means.mains.but(name);
		return { stamp: [...mains.values()].map(({ commit }) => commit).join(" "), mains };
	}

	async judge(world: World, change: TreeChange): Promise<Judged> {
		const { before, after, repository } = change;
		const findings = [...after.flatMap(entryFindings), ...changeFindings(before, after)];
		if (findings.length > 0) return { findings, notes: [] };
		const { publishers, consumers } = this.#means.members;
		if (publishers.includes(repository.name)) return this.#publisher(world, change);
		if (consumers.includes(repository.name)) return this.#consumer(world, change);
		throw new NoVerdict(`${repository.name} is in no mesh that this gate knows`);
	}

	async #publisher(world: World, { repository, before, after }: TreeChange): Promise<Judged> {
		const domain = repository.name;
		const text = await textsOf(repository, [...before, ...after], ({ path }) => isRead(path));
		const [old, now] = [packageOf(before, text), packageOf(after, text)];
		const own = [...now.findings, ...negotiationFindings(old.contracts, now.contracts)];
		// What is no contract promises nothing that anything could be held against.
		if (now.findings.length > 0) return { findings: own, notes: [] };
		const publishing = this.#means.publishing.get(domain)!;
		const built = await publishing.after(old, now);
		const findings = [...own, ...built.findings];
		if (this.#means.asking === null || findings.length > 0) return { findings, notes: [] };
		const tests = this.#testsOf(world);
		const was = await publishing.of(domain, old);
		const others = await this.#datasets(world);
		const reach = reachOf(domain, was.datasets, built.datasets, tests);
		return {
			findings: await newFindings(
				(own) => this.#means.asking!.findings(withOwn(others, domain, own), tests),
				was.datasets,
				built.datasets,
			),
			notes: reach.map((query) => `reach ${query}`),
		};
	}

	async #consumer(world: World, { repository, after }: TreeChange): Promise<Judged> {
		const consumer = repository.name;
		const text = await textsOf(repository, after, ({ path }) => testOf(path) !== null);
		const files = Object.fromEntries(
			after.filter(({ path }) => testOf(path) !== null).map((entry) => [entry.path, text(entry)]),
		);
		const { tests, findings } = testsIn(consumer, files);
		if (this.#means.asking === null || findings.length > 0) return { findings, notes: [] };
		const asked = await this.#means.asking.findings(await this.#datasets(world), tests);
		return { findings: asked, notes: [] };
	}

	/** What all publishers of the world have on main. */
	async #datasets({ mains }: World): Promise<Datasets> {
		const all = new Map<string, Dataset>();
		for (const domain of this.#means.members.publishers) {
			const main = mains.get(domain);
			if (main === undefined) continue;
			const { datasets } = await this.#means.publishing.get(domain)!.of(domain, packageIn(main));
			for (const dataset of datasets) all.set(`${domain}.${dataset.name}`, dataset);
		}
		return all;
	}

	/** The tests that all consumers of the world have on main. */
	#testsOf({ mains }: World): ConsumerTest[] {
		return this.#means.members.consumers.flatMap((consumer) => {
			const { tests, findings } = testsIn(consumer, mains.get(consumer)?.files ?? {});
			if (findings.length > 0)
				throw new NoVerdict(`what ${consumer} has on main is no test: ${findings[0]!.why}`);
			return tests;
		});
	}
}

function withOwn(others: Datasets, domain: string, own: readonly Dataset[]): Datasets {
	return new Map([...others, ...own.map((one) => [`${domain}.${one.name}`, one] as const)]);
}

/** What does not hold with the change and did without it: a test that fails anyhow holds nobody up. */
async function newFindings(
	ask: (own: readonly Dataset[]) => Promise<Finding[]>,
	before: readonly Dataset[],
	after: readonly Dataset[],
): Promise<Finding[]> {
	const found = await ask(after);
	if (found.length === 0) return [];
	const keyOf = ({ place, rule }: Finding) => [...place, rule].join(" ");
	const known = new Set((await ask(before)).map(keyOf));
	return found.filter((finding) => !known.has(keyOf(finding)));
}

function packageIn({ files }: Main): Package {
	const paths = Object.keys(files).map((path) => ({ path }));
	return packageOf(paths, ({ path }) => files[path]!);
}

/** The tests among a consumer's files, by their names. */
function testsIn(
	consumer: string,
	files: Readonly<Record<string, string>>,
): { tests: ConsumerTest[]; findings: Finding[] } {
	const tests: ConsumerTest[] = [];
	const findings: Finding[] = [];
	for (const [path, text] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
		const query = testOf(path);
		if (query === null) continue;
		const read = readTest(consumer, query, text);
		if ("test" in read) tests.push(read.test);
		else findings.push(...read.findings);
	}
	return { tests, findings };
}

async function textsOf(
	repository: Repository,
	entries: readonly Entry[],
	isWanted: (entry: Entry) => boolean,
): Promise<(entry: Pick<Entry, "oid">) => string> {
	const texts = await repository.texts(entries.filter(isWanted).map(({ oid }) => oid));
	return ({ oid }) => texts.get(oid)!;
}
