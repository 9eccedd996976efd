import { writeFileSync } from "node:fs";
import { type Cell as FileCell, type WriteSheet, writeXlsx } from "hucre";
import { readPrices } from "./prices.ts";
import { traceOf } from "./trace.ts";
import { type Sheet, workbookOf } from "./workbook.ts";

// Writes `cost-model.xlsx` again: `node write-workbook.ts`, in this folder. The package that writes it is a development
// dependency: nothing else needs it.

/** The trace that the workbook shows: small enough to be read line by line. */
export const workbookTrace = { seed: 1, objects: 12, days: 180 };

/** The sheets of the committed workbook. */
export function sheets(): Sheet[] {
	return workbookOf(traceOf(workbookTrace), readPrices());
}

function fileSheet({ name, rows }: Sheet): WriteSheet {
	const cells = new Map<string, Partial<FileCell>>();
	for (const [row, line] of rows.entries())
		for (const [column, cell] of line.entries())
			if (typeof cell === "object" && cell !== null)
				cells.set(`${row},${column}`, {
					type: "formula",
					formula: cell.formula,
					formulaResult: cell.value,
					value: cell.value,
				});
	return {
		name,
		rows: rows.map((line) => line.map((cell) => (typeof cell === "object" ? null : cell))),
		cells,
		columns: rows[2]!.map((_, column) => ({ width: column === 0 ? 38 : 14 })),
		freezePane: { rows: 3 },
	};
}

if (import.meta.main) {
	const file = await writeXlsx({ sheets: sheets().map(fileSheet) });
	writeFileSync(new URL("cost-model.xlsx", import.meta.url), file);
}
