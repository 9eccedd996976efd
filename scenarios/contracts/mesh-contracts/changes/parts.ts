import {
	harmlessPart as harmlessPartOf,
	type NewValue,
	setRowsAt,
} from "../../../subjects/gate/part.ts";
import type {
	Consumer,
	Domain,
	Mesh,
	Published,
	PublishedColumn,
	RepositoryName,
} from "../mesh/mesh.ts";
import type { Part } from "./change.ts";
import { type ColumnAt, columnAt, type DatasetAt, datasetAt } from "./places.ts";

// What is done to a mesh: in SQL where it is about tables, and to what the seed has in mind.

export const harmlessPart = harmlessPartOf<Mesh>;

/** Changes a dataset, with its contract and its model. */
export function editDataset(text: string, at: DatasetAt, edit: (dataset: Published) => void): Part {
	return harmlessPart(`${text} ${at.relation}`, null, (mesh) => edit(datasetAt(mesh, at)));
}

/** Changes a column of one. */
export function editColumn(
	text: string,
	at: ColumnAt,
	edit: (column: PublishedColumn) => void,
): Part {
	return harmlessPart(`${text} ${at.relation}.${at.column}`, null, (mesh) =>
		edit(columnAt(mesh, at)),
	);
}

/** The contract says that it is another, within its version. */
export function said(part: Part, at: DatasetAt): Part {
	return {
		...part,
		apply(mesh) {
			part.apply(mesh);
			const dataset = datasetAt(mesh, at);
			const [major = 0, minor = 0] = dataset.version.split(".").map(Number);
			dataset.version = `${major}.${minor + 1}.0`;
		},
	};
}

/** Leaves a column out of contract and model. */
export function dropColumn(at: ColumnAt): Part {
	return harmlessPart(`drop ${at.relation}.${at.column}`, null, (mesh) => {
		const dataset = datasetAt(mesh, at);
		const { isKey } = columnAt(mesh, at);
		dataset.columns = dataset.columns.filter(({ name }) => name !== at.column);
		// Part of a key tells no rows apart.
		if (isKey) for (const column of dataset.columns) column.isKey = false;
	});
}

export function renameColumn(at: ColumnAt, name: string): Part {
	return editColumn(`call it ${name}:`, at, (column) => {
		column.name = name;
	});
}

export function retire({ domain, relation }: DatasetAt): Part {
	return harmlessPart(`publish ${relation} no more`, null, ({ publishers }) => {
		delete publishers[domain].datasets[relation];
	});
}

/** Sets a column of the rows of a domain's table whose key is one of these. */
export function setRows(
	domain: Domain,
	where: { table: string; key: string; column: string },
	keys: readonly number[],
	value: NewValue,
): Part {
	const rowsIn = ({ publishers }: Mesh) => publishers[domain].tables[where.table]!.rows;
	return setRowsAt({ ...where, rowsIn }, keys, value);
}

/** Changes what a consumer's repository holds. */
export function editConsumer(
	text: string,
	consumer: keyof Mesh["consumers"],
	edit: (consumer: Consumer) => void,
): Part {
	return harmlessPart(text, null, ({ consumers }) => edit(consumers[consumer]));
}

/** A line more in a repository's README. */
export function readme(repository: RepositoryName, line: string): Part {
	return harmlessPart(`write ${line} in the README`, null, ({ publishers, consumers }) => {
		const { others } = { ...publishers, ...consumers }[repository];
		others["README.md"] += `\n${line}\n`;
	});
}
