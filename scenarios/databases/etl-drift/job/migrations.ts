import type { Decision } from "./decide.ts";
import type { Field, Rules } from "./mapping.ts";
import { type Column, literal, quoted } from "./shape.ts";
import { type ColumnType, joinTypes, sameType, typeSql } from "./types.ts";

/** A change of the target, as the log keeps it. */
export type Migration =
	| { kind: "create"; key: string; fields: Field[] }
	/** `constant` is what rows have that were there before, as SQL. */
	| { kind: "add"; field: Field; constant: string | null }
	| { kind: "widen"; field: string; type: ColumnType };

/** What the target wants before rows come as decided, and its fields from then on. */
export function migrationsFor(
	rules: Rules,
	isFirst: boolean,
	decisions: readonly Decision[],
	added: readonly Column[],
	typeOf: (column: string) => ColumnType,
): { migrations: Migration[]; fields: Field[] } {
	const migrations: Migration[] = [];
	if (isFirst)
		migrations.push({
			kind: "create",
			key: rules.fields[0]!.name,
			fields: decisions.map(({ field }) => field),
		});
	const fields = decisions.map(({ field, source }) => {
		if (source.kind !== "column") return field;
		const type = joinTypes(field.type, typeOf(source.column));
		// It was asked about where they can't be joined, unless somebody has said that it is so.
		if (type === null || sameType(type, field.type)) return field;
		migrations.push({ kind: "widen", field: field.name, type });
		return { ...field, type };
	});
	const more = added.map(({ name, type, constant }) => {
		const field: Field = { name, type, required: false, aliases: [] };
		migrations.push({ kind: "add", field, constant });
		return field;
	});
	return { migrations, fields: [...fields, ...more] };
}

/** Its statements, on any table: the target, or one that the log is played into. */
export function migrationSql(migration: Migration, table: string): string[] {
	switch (migration.kind) {
		case "create": {
			const columns = migration.fields.map(
				(field) => `${quoted(field.name)} ${typeSql(field.type)}`,
			);
			return [
				`create table ${table} (${[...columns, `primary key (${quoted(migration.key)})`].join(", ")})`,
				...migration.fields.flatMap((field) => labelsSql(table, field.name, field.type)),
			];
		}
		case "add": {
			const { field, constant } = migration;
			const byDefault = constant === null ? "" : ` default ${plainConstant(constant)}`;
			const name = quoted(field.name);
			return [
				`alter table ${table} add column ${name} ${typeSql(field.type)}${byDefault}`,
				// Rows to come say what they have: a default of the source is the source's to change.
				...(constant === null ? [] : [`alter table ${table} alter column ${name} drop default`]),
				...labelsSql(table, field.name, field.type),
			];
		}
		case "widen": {
			const name = quoted(migration.field);
			return migration.type.kind === "label"
				? labelsSql(table, migration.field, migration.type)
				: [`alter table ${table} alter column ${name} type ${typeSql(migration.type)}`];
		}
		default:
			return migration satisfies never;
	}
}

/** A type of the source's own, as an enum's default is cast to, means nothing in the target. */
function plainConstant(constant: string): string {
	return constant.replace(/::[a-z ]+(?:\([\d,]+\))?$/, "");
}

/** Text that is checked, and no enum: a value that is added to an enum can't be used before its transaction has ended. */
function labelsSql(table: string, field: string, type: ColumnType): string[] {
	if (type.kind !== "label") return [];
	const rule = quoted(`${field}_labels`);
	const labels = type.labels.map(literal).join(", ");
	return [
		`alter table ${table} drop constraint if exists ${rule}`,
		`alter table ${table} add constraint ${rule} check (${quoted(field)} in (${labels}))`,
	];
}

/** One line for people. */
export function migrationText(migration: Migration): string {
	switch (migration.kind) {
		case "create":
			return `create the table with ${migration.fields.map(({ name }) => name).join(", ")}`;
		case "add":
			return `add ${migration.field.name} ${typeSql(migration.field.type)}`;
		case "widen":
			return migration.type.kind === "label"
				? `allow ${migration.field} ${migration.type.labels.join(", ")}`
				: `widen ${migration.field} to ${typeSql(migration.type)}`;
		default:
			return migration satisfies never;
	}
}
