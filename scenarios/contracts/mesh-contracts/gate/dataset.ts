import type { Finding } from "../../../subjects/gate/findings.ts";
import { type Contract, physicalName, type SchemaObject } from "../../../subjects/gate/odcs.ts";
import type { Made } from "../../../subjects/gate/scratch.ts";
import { quoted } from "../../../subjects/gate/sql-text.ts";
import { primaryKeyOf } from "../../../subjects/gate/structure.ts";

/** A dataset as its contract publishes it: no column that the contract does not have is here. */
export interface Dataset {
	/** Of the relation: `orders_v1`. */
	name: string;
	columns: { name: string; type: string }[];
	/** The columns that tell its rows apart; none where the contract says nothing of it. */
	key: string[];
	/** As a JSON array of objects, as the database writes it. */
	rows: string;
}

/** What a package publishes; nothing where something is wrong with it. */
export interface Built {
	findings: Finding[];
	datasets: Dataset[];
}

/** What contracts publish of what was made. */
export async function datasetsOf(contracts: Iterable<Contract>, made: Made): Promise<Dataset[]> {
	const datasets: Dataset[] = [];
	for (const { schema = [] } of contracts)
		for (const object of schema) datasets.push(await datasetOf(object, made));
	return datasets;
}

async function datasetOf(object: SchemaObject, { structure, rows }: Made): Promise<Dataset> {
	const name = physicalName(object);
	const { columns } = structure.get(name)!;
	const names = (object.properties ?? []).map(physicalName);
	const list = names.map(quoted).join(", ");
	const [row] = await rows<{ rows: string }>(
		`select coalesce(json_agg(t), '[]')::text as rows from (select ${list} from ${quoted(name)}) as t`,
	);
	return {
		name,
		columns: names.map((name) => ({ name, type: columns.get(name)!.type })),
		key: primaryKeyOf(object),
		rows: row!.rows,
	};
}
