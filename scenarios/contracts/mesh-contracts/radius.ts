import type { Said } from "../../subjects/gate/said.ts";
import { meshAfter, migrationName, type Proposal } from "./changes/change.ts";
import type { Changes, Planned } from "./changes/changes.ts";
import { consumerNames, isDomain } from "./mesh/mesh.ts";
import { brokenOf, publishedOf } from "./oracle/broken.ts";
import { reachOf } from "./oracle/reach.ts";

/** Whom a proposal of a publisher's reaches and breaks. */
export type Radius = {
	n: number;
	reached: Count;
	broken: Count;
};

/** How many there are by the seed, and where the gate has said others which. */
export type Count = { queries: number; consumers: number; wrong: string[] };

/** Of each proposal in a publisher's repository that its own tests let pass, and that the gate had an answer to. */
export function radiiOf(changes: Changes, count: number, said: readonly Said[]): Radius[] {
	return Array.from({ length: count }, (_, n) => changes.at(n)).flatMap((change) =>
		change.proposals.flatMap((proposal, place) => {
			const isOwn = breaksItself(proposal);
			if (!isDomain(proposal.repository) || isOwn) return [];
			const ref = change.proposals.length === 1 ? `${change.n}` : `${change.n}-${place}`;
			const answer = said.findLast(
				({ repository, verdict, updates }) =>
					repository === proposal.repository &&
					verdict !== "none" &&
					updates.some((update) => update.ref === `refs/heads/changes/${ref}`),
			);
			return answer === undefined ? [] : [radiusOf(change, proposal, answer)];
		}),
	);
}

/** Whether a publisher's own tests find what is wrong with it. */
function breaksItself({ parts }: Proposal): boolean {
	const broken = parts.find(({ breaks }) => breaks !== null)?.breaks;
	return broken !== undefined && broken !== null && !isConsumer(broken.place[0]!);
}

function radiusOf(change: Planned, proposal: Proposal, { findings, notes }: Said): Radius {
	const { before, n, kind } = change;
	const after = meshAfter(before, proposal, migrationName(change));
	const broken = brokenOf(after, publishedOf(after));
	const name = `${n} ${kind} in ${proposal.repository}`;
	return {
		n,
		reached: countOf(
			name,
			notes.flatMap((note) => /^reach (\S+)$/.exec(note)?.[1] ?? []),
			reachOf(before, after),
		),
		broken: countOf(
			name,
			findings.flatMap(({ place: [consumer = "", query] }) =>
				isConsumer(consumer) ? [`${consumer}.${query}`] : [],
			),
			broken.map(({ consumer, query }) => `${consumer}.${query}`),
		),
	};
}

function countOf(name: string, told: readonly string[], queries: readonly string[]): Count {
	const [said, wanted] = [distinct(told), distinct(queries)];
	const listOf = (names: string[]) => (names.length === 0 ? "none" : names.join(", "));
	return {
		queries: wanted.length,
		consumers: new Set(wanted.map((query) => query.split(".")[0])).size,
		wrong:
			said.join() === wanted.join()
				? []
				: [`${name}: said ${listOf(said)}, and it is ${listOf(wanted)}`],
	};
}

function isConsumer(name: string): boolean {
	return (consumerNames as readonly string[]).includes(name);
}

function distinct(names: readonly string[]): string[] {
	return [...new Set(names)].sort();
}
