import type { Cell, SuiteStepDescription, TableAnswer } from "../host/protocol.ts";
import type { SuiteTableDocument } from "./document.ts";

/** A step's place, and its cells in the order of the values; null where nothing was run. */
export type PlacedCells = Pick<SuiteStepDescription, "row" | "column"> & { cells: Cell[] | null };

/** Lays the cells out in rows and columns, in the order in which they first come; what there is no run for is null. */
export function tableOf(
	headings: readonly string[],
	placed: readonly PlacedCells[],
): { table: SuiteTableDocument; notes: string[] } {
	const rows = [...new Set(placed.map(({ row }) => row))];
	const columns = [...new Set(placed.map(({ column }) => column))];
	const cellsAt = (row: string, column: string) =>
		placed.find((one) => one.row === row && one.column === column)?.cells ?? null;
	const notes = placed.flatMap(({ row, column, cells }) =>
		headings.flatMap((heading, i) => {
			const error = cells?.[i]?.error ?? null;
			const where = [row, column, heading].filter((part) => part !== "").join(", ");
			return error === null ? [] : [`no value for ${where}: ${error}`];
		}),
	);
	return {
		table: {
			values: headings.map((heading, i) => ({
				heading,
				unit: placed.find(({ cells }) => cells?.[i]?.unit)?.cells?.[i]?.unit ?? null,
			})),
			columns,
			rows: rows.map((row) => ({
				heading: row,
				cells: columns.map((column) => {
					const cells = cellsAt(row, column);
					return headings.map((_, i) => cells?.[i]?.value ?? null);
				}),
			})),
		},
		notes,
	};
}

/** The cells that a table host answered for the steps that were run, each with its step again. */
export function placedCells(
	steps: readonly Pick<SuiteStepDescription, "row" | "column">[],
	ran: readonly number[],
	answer: Extract<TableAnswer, { ok: true }>,
): PlacedCells[] {
	return steps.map(({ row, column }, i) => ({
		row,
		column,
		cells: answer.cells[ran.indexOf(i)] ?? null,
	}));
}
