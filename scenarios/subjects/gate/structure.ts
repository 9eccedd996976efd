import type { Finding } from "./findings.ts";
import { type Contract, type Property, physicalName, type SchemaObject } from "./odcs.ts";
import { canonicalType, isOfLogicalType } from "./postgres-types.ts";

/** A table or view as the catalog of the database has it. */
export interface Relation {
	kind: "table" | "view";
	columns: ReadonlyMap<string, { type: string; notNull: boolean }>;
	/** Of each unique index over whole columns and all rows. */
	keys: readonly { columns: readonly string[]; primary: boolean }[];
}

export type Structure = ReadonlyMap<string, Relation>;

/** One row for each relation of the schema that comes first, as `name`, `kind`, `columns` and `keys`. */
export const structureSql = `select c.relname as name, case when c.relkind = 'v' then 'view' else 'table' end as kind,
	coalesce((select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull))
		from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
	coalesce((select json_agg(json_build_object('primary', i.indisprimary, 'columns', (
			select json_agg(a.attname order by k.place) from unnest(i.indkey::smallint[]) with ordinality as k(number, place)
			join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number)))
		from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null), '[]') as keys
	from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm')`;

/** What a row of `structureSql` holds. */
export interface StructureRow {
	name: string;
	kind: "table" | "view";
	columns: { name: string; type: string; notNull: boolean }[];
	keys: { columns: string[]; primary: boolean }[];
}

export function structureOf(rows: readonly StructureRow[]): Structure {
	return new Map(
		rows.map(({ name, kind, columns, keys }) => [
			name,
			{ kind, keys, columns: new Map(columns.map(({ name, ...column }) => [name, column])) },
		]),
	);
}

/** Where the structure is not what a contract says. What the contract does not name may be as it likes. */
export function structureFindings({ schema = [] }: Contract, structure: Structure): Finding[] {
	return schema.flatMap((object) => {
		const name = physicalName(object);
		const relation = structure.get(name);
		if (relation === undefined)
			return [
				{ place: [name], rule: "presence", why: "the contract has it, and the change leaves none" },
			];
		return [
			...(object.properties ?? []).flatMap((property) => columnFindings(name, property, relation)),
			...primaryKeyFindings(name, object, relation),
		];
	});
}

function columnFindings(table: string, property: Property, relation: Relation): Finding[] {
	const column = physicalName(property);
	const finding = (rule: string, why: string) => ({ place: [table, column], rule, why });
	const found = relation.columns.get(column);
	if (found === undefined)
		return [finding("presence", "the contract has it, and the change leaves no such column")];
	const all: Finding[] = [];
	const { required, unique } = property;
	const wanted = typeWanted(property, found.type);
	if (wanted !== null)
		all.push(finding("type", `the contract says ${wanted}, the change makes it ${found.type}`));
	// The columns of a view have no such marks: what is in it is looked at instead.
	if (relation.kind === "view") return all;
	if (required === true && !found.notNull)
		all.push(finding("nullability", "the contract requires a value, the change allows null"));
	if (unique === true && !hasKey(relation, [column]))
		all.push(finding("unique", "the contract says unique, and no unique index is left"));
	return all;
}

/** What a contract says of a type that is not so; null where it is. The physical type decides, where there is one. */
function typeWanted(
	{ physicalType, logicalType, logicalTypeOptions }: Property,
	found: string,
): string | null {
	if (physicalType !== undefined) {
		const wanted = canonicalType(physicalType);
		return found === wanted ? null : wanted;
	}
	if (logicalType !== undefined && !isOfLogicalType(found, logicalType)) return logicalType;
	const timezone = logicalTypeOptions?.timezone;
	if (typeof timezone !== "boolean" || found.includes("with time zone") === timezone) return null;
	return `${logicalType} ${timezone ? "with" : "without"} time zone`;
}

function primaryKeyFindings(table: string, object: SchemaObject, relation: Relation): Finding[] {
	const wanted = primaryKeyOf(object);
	if (wanted.length === 0 || relation.kind === "view") return [];
	const found = relation.keys.find(({ primary }) => primary)?.columns ?? [];
	if (found.join() === wanted.join()) return [];
	return [
		{
			place: [table, ...wanted],
			rule: "primary-key",
			why: `the contract says (${wanted.join(", ")}), the change ${found.length === 0 ? "leaves none" : `makes it (${found.join(", ")})`}`,
		},
	];
}

/** The columns of the primary key, in their order. */
export function primaryKeyOf({ properties = [] }: SchemaObject): string[] {
	return properties
		.filter(({ primaryKey }) => primaryKey === true)
		.sort((a, b) => (a.primaryKeyPosition ?? -1) - (b.primaryKeyPosition ?? -1))
		.map(physicalName);
}

function hasKey({ keys }: Relation, columns: readonly string[]): boolean {
	return keys.some((key) => key.columns.join() === columns.join());
}
