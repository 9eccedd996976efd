import { pick, type Stream, simplerParts, stream, type Truth } from "faultline";
import { kindDecks, Planner, Truths } from "../../../subjects/gate/planner.ts";
import { firstMesh } from "../mesh/first-mesh.ts";
import { isDomain, type Mesh } from "../mesh/mesh.ts";
import {
	type Change,
	type Kind,
	meshAfter,
	migrationName,
	type Proposal,
	truthOf,
} from "./change.ts";
import { companions, harmless } from "./harmless.ts";
import { outsideKinds } from "./outside.ts";
import { harmlessPairs, violatingPairs } from "./pairs.ts";
import { readme } from "./parts.ts";
import { freshName } from "./places.ts";
import { violatingConsumer } from "./violating-consumer.ts";
import { violatingData } from "./violating-data.ts";
import { violatingOwn } from "./violating-own.ts";
import { violatingStructure } from "./violating-structure.ts";

const violatingGroups = {
	structure: violatingStructure,
	data: violatingData,
	consumer: violatingConsumer,
	own: violatingOwn,
	pairs: violatingPairs,
} as const;
/** Groups in the order in which their kinds come: those that hang on others' tests most often. */
const turns = [
	"structure",
	"data",
	"consumer",
	"data",
	"pairs",
	"structure",
	"data",
	"own",
	"data",
	"structure",
	"consumer",
] as const satisfies (keyof typeof violatingGroups)[];
const harmlessKinds: Record<string, Kind> = { ...harmless, ...harmlessPairs };
const kinds: Record<string, Kind> = Object.assign(
	{},
	...Object.values(violatingGroups),
	harmlessKinds,
	outsideKinds,
);
export const kindNames = Object.keys(kinds);

/** A change, with the mesh that it is made of, and what the mesh has to be once gates have decided rightly. */
export interface Planned extends Change {
	truth: Truth;
	before: Mesh;
	after: Mesh;
}

/** What becomes of a seed's mesh, one change after another. */
export class Changes extends Planner<Mesh, Planned> {
	constructor(seed: number) {
		const draw = stream(seed, "changes");
		const truths = new Truths(draw);
		const nextKind = kindDecks(draw, {
			violating: violatingGroups,
			turns,
			harmless: harmlessKinds,
			outside: outsideKinds,
		});
		super(firstMesh(seed), (n, before) =>
			truths.next(nextKind, (kind) => changeOf(kind, draw, before, n)),
		);
	}
}

/** A change of one kind; null where the mesh has nothing for it. */
export function changeOf(kind: string, draw: Stream, before: Mesh, n: number): Planned | null {
	const made = kinds[kind]!(draw, before, n);
	if (made === null) return null;
	const [first, second] = made;
	const proposals: Change["proposals"] =
		second === undefined ? [accompanied(draw, first)] : [first, second];
	const change = { n, kind, proposals };
	return { ...change, truth: truthOf(change), before, after: acceptedMesh(change, before) };
}

/** With up to two companions that nothing hangs on. */
function accompanied(draw: Stream, { repository, parts }: Proposal): Proposal {
	const more = Math.floor(draw() * 3);
	return {
		repository,
		parts: [
			...parts,
			...Array.from({ length: more }, () =>
				isDomain(repository) && draw() < 0.7
					? companions[pick(draw, Object.keys(companions) as (keyof typeof companions)[])](draw)
					: readme(repository, freshName(draw, "line")),
			),
		],
	};
}

/** What mains hold where gates have decided rightly: of two that break together the first is merged. */
function acceptedMesh(change: Change, before: Mesh): Mesh {
	const accepted =
		truthOf(change).kind === "violating" ? change.proposals.slice(0, -1) : change.proposals;
	return accepted.reduce(
		(mesh, proposal) => meshAfter(mesh, proposal, migrationName(change)),
		before,
	);
}

/** Simpler forms of a change that slipped through: fewer parts, or half of the rows that a part touches. */
export function* simplerChanges(change: Planned): Generator<Planned> {
	const [{ repository, parts }] = change.proposals;
	for (const fewer of simplerParts(parts, (part) => part.smaller?.() ?? [])) {
		const proposals: Change["proposals"] = [{ repository, parts: fewer }];
		const truth = truthOf({ proposals });
		if (truth.kind === "violating") yield { ...change, proposals, truth };
	}
}
