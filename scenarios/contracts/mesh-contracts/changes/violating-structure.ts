import { breaking } from "../../../subjects/gate/part.ts";
import { widened } from "../../../subjects/shop/tables.ts";
import type { QueryName } from "../mesh/mesh.ts";
import { datasetName } from "../mesh/mesh.ts";
import type { Kind, Part } from "./change.ts";
import { dropColumn, editColumn, renameColumn, retire, said } from "./parts.ts";
import {
	type ColumnAt,
	columnAt,
	datasetsOf,
	declaredOf,
	freshName,
	oneOf,
	readersOf,
} from "./places.ts";

// What a publisher does to the structure of a dataset that somebody reads. Contract and model are changed together, with the
// version that this needs: by its own tests all is well.

/** A change of a column that is read. */
function ofReadColumn(
	rule: string,
	make: (at: ColumnAt, draw: () => number) => Part,
	fits: (type: string) => boolean = () => true,
): Kind {
	return (draw, mesh) => {
		const read = declaredOf(mesh).filter(
			(at) => readersOf(mesh, at).length > 0 && fits(columnAt(mesh, at).type),
		);
		const at = oneOf(draw, read);
		if (at === null) return null;
		const [reader] = readersOf(mesh, at);
		const part = breaking(said(make(at, draw), at), readPlace(reader!, at), rule);
		return [{ repository: at.domain, parts: [part] }];
	};
}

/** Where a gate says that a reader is broken: consumer, query, dataset and column. */
export function readPlace({ consumer, query }: QueryName, at: ColumnAt): string[] {
	return [consumer, query, datasetName(at.domain, at.relation), at.column];
}

export const violatingStructure = {
	"read-column-dropped": ofReadColumn("presence", dropColumn),
	"read-column-renamed": ofReadColumn("presence", (at, draw) =>
		renameColumn(at, freshName(draw, at.column)),
	),
	"read-column-typed": ofReadColumn(
		"type",
		(at) =>
			editColumn("widen", at, (column) => {
				column.type = widened(column.type)!;
			}),
		(type) => widened(type) !== null,
	),
	"read-dataset-retired": (draw, mesh) => {
		const read = datasetsOf(mesh).filter((at) => readersOf(mesh, at).length > 0);
		const at = oneOf(draw, read);
		if (at === null) return null;
		const [{ consumer, query }] = readersOf(mesh, at) as [QueryName];
		const place = [consumer, query, datasetName(at.domain, at.relation)];
		return [{ repository: at.domain, parts: [breaking(retire(at), place, "presence")] }];
	},
} satisfies Record<string, Kind>;
