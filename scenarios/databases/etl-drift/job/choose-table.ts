import { type FieldSource, type Memory, type Rules, tableItself } from "./mapping.ts";
import { nameScore } from "./names.ts";
import type { Question } from "./questions.ts";
import type { Table } from "./shape.ts";

/** The table that is read: the one of before, or the new one that has its columns, where there is just one such. */
export function chooseTable(
	{ source, limits, abbreviations }: Rules,
	memory: Memory | null,
	tables: readonly Table[],
	answer: FieldSource | undefined,
): { table: Table } | { question: Question } {
	const wanted = answer?.kind === "column" ? answer.column : (memory?.table ?? source.table);
	const same = tables.find(({ name }) => name === wanted);
	if (same !== undefined) return { table: same };
	const old = memory === null ? null : new Set(Object.keys(memory.columns));
	const scored = tables
		.map((table) => {
			const names = new Set(table.columns.map(({ name }) => name));
			const shared =
				old === null ? 1 : [...old].filter((name) => names.has(name)).length / old.size;
			return { table, score: shared * Math.sqrt(nameScore(wanted, table.name, abbreviations)) };
		})
		.toSorted((a, b) => b.score - a.score);
	const [best, second] = scored;
	if (
		best !== undefined &&
		best.score >= limits.accept &&
		best.score - (second?.score ?? 0) >= limits.margin
	)
		return { table: best.table };
	const candidates = scored
		.slice(0, 4)
		.map(({ table, score }) => ({ name: table.name, score: Math.round(score * 100) / 100 }));
	return {
		question: {
			field: tableItself,
			rule: "table",
			candidates,
			text: `the table ${wanted} is gone; ${candidates.length === 0 ? "there is no other" : `it may be ${candidates.map(({ name, score }) => `${name} (${score})`).join(" or ")}`}; answer which it is`,
		},
	};
}
