import {
	cellOf,
	type Layout,
	statusType,
} from "../../../../scenarios/databases/etl-drift/drift/layout.ts";
import type { Order, Room } from "../../../../scenarios/databases/etl-drift/drift/world.ts";
import type {
	Decision,
	Outcome,
	Seen,
} from "../../../../scenarios/databases/etl-drift/job/decide.ts";
import { keptSample } from "../../../../scenarios/databases/etl-drift/job/extract.ts";
import type { Memory, Rules } from "../../../../scenarios/databases/etl-drift/job/mapping.ts";
import { migrationsFor } from "../../../../scenarios/databases/etl-drift/job/migrations.ts";
import type { Column } from "../../../../scenarios/databases/etl-drift/job/shape.ts";
import { readType } from "../../../../scenarios/databases/etl-drift/job/types.ts";

const catalogName: Record<string, string> = {
	timestamptz: "timestamp with time zone",
	timestamp: "timestamp without time zone",
};

/** What a catalog and a sample would say of a source that is laid out so, and of another table beside it. */
export function seenOf(
	layout: Layout,
	room: Room,
	orders: ReadonlyMap<number, Order>,
	memory: Memory | null,
	beside: string | null = null,
): Seen {
	const columns: Column[] = [
		...layout.columns.map(({ name, type }) => ({
			name,
			type: readType(
				catalogName[type] ?? type.replace("varchar", "character varying"),
				type === statusType ? [...room.statuses] : null,
			),
			nullable: true,
			constant: null,
		})),
		{
			name: "change_no",
			type: { kind: "integer", bits: 64 } as const,
			nullable: false,
			constant: null,
		},
	];
	const known = new Set(
		Object.values(memory?.columns ?? {}).flatMap(({ content }) => Object.keys(content.sample)),
	);
	const newest = [...orders.values()].toSorted((a, b) => b.changeNo - a.changeNo).slice(0, 60);
	const sampled = [
		...newest,
		...[...orders.values()].filter(
			(order) => known.has(String(order.orderId)) && !newest.includes(order),
		),
	];
	const byName = new Map(layout.columns.map((column) => [column.name, column]));
	return {
		tables: [layout.table, ...(beside === null ? [] : [beside])].map((name) => ({ name, columns })),
		contentOf: (_table, name) => {
			const column = byName.get(name);
			if (column === undefined) return null;
			return {
				sample: Object.fromEntries(
					sampled.map((order) => [String(order.orderId), cellOf(column, order)]),
				),
			};
		},
	};
}

/** What a batch that was loaded so leaves behind. */
export function memoryAfter(
	rules: Rules,
	before: Memory | null,
	outcome: Extract<Outcome, { kind: "mapped" }>,
	seen: Seen,
): Memory {
	const { table, decisions, added } = outcome;
	const typeOf = (name: string) => table.columns.find((column) => column.name === name)!.type;
	const { fields } = migrationsFor(rules, before === null, decisions, added, typeOf);
	const all: Pick<Decision, "source">[] = [
		...decisions,
		...added.map(({ name }) => ({ source: { kind: "column" as const, column: name } })),
	];
	return {
		table: table.name,
		fields,
		sources: Object.fromEntries(fields.map((field, i) => [field.name, all[i]!.source])),
		columns: Object.fromEntries(
			table.columns.map(({ name, type }) => [
				name,
				{ type, content: keptSample(seen.contentOf(table.name, name) ?? { sample: {} }) },
			]),
		),
	};
}
