import type { Stream, Truth } from "faultline";
import {
	migrationOfParts,
	type Part as PartOf,
	partsText,
	truthOfParts,
} from "../../../subjects/gate/part.ts";
import { isDomain, type Mesh, type RepositoryName } from "../mesh/mesh.ts";

export type Part = PartOf<Mesh>;

/** What somebody proposes in one repository. */
export interface Proposal {
	repository: RepositoryName;
	parts: Part[];
}

/**
 * What becomes of a mesh, and what that is; settled before anybody asks a gate. Two proposals are made of the same mesh, in two
 * repositories, and merged one after the other.
 */
export interface Change {
	n: number;
	kind: string;
	proposals: [Proposal] | [Proposal, Proposal];
}

/** A kind of change; null where there is nothing in this mesh that could be changed so. */
export type Kind = (draw: Stream, mesh: Mesh, n: number) => Change["proposals"] | null;

/** What a change is; its first part is what it is about. */
export function truthOf({ proposals }: Pick<Change, "proposals">): Truth {
	return truthOfParts(proposals.flatMap(({ parts }) => parts));
}

/** `sales: drop orders_v1.status, write a line in the README`. */
export function changeText({ proposals }: Pick<Change, "proposals">): string {
	return proposals
		.map(({ repository, parts }) => `${repository}: ${partsText(parts)}`)
		.join("; beside it ");
}

/** The mesh as it is with a proposal, its SQL as one migration of the repository's. */
export function meshAfter(mesh: Mesh, { repository, parts }: Proposal, migration: string): Mesh {
	const after = structuredClone(mesh);
	for (const part of parts) part.apply(after);
	const sql = migrationOfParts(parts);
	if (sql !== null && isDomain(repository))
		after.publishers[repository].migrations[migration] = sql;
	return after;
}

/** `0007_column_dropped`: after all that came before it. */
export function migrationName({ n, kind }: Pick<Change, "n" | "kind">): string {
	return `${String(10 + n).padStart(4, "0")}_${kind.replaceAll("-", "_")}`;
}
