/** Rows as an aligned table, numbers to the right; the first row is the heading. */
export function table(rows: readonly (readonly (string | number | null)[])[]): string {
	const cells = rows.map((row) => row.map((cell) => (cell === null ? "–" : String(cell))));
	const widths = (cells[0] ?? []).map((_, i) =>
		Math.max(...cells.map((row) => row[i]?.length ?? 0)),
	);
	const numeric = widths.map((_, i) => rows.slice(1).every((row) => typeof row[i] !== "string"));
	const lines = cells.map((row) =>
		row
			.map((cell, i) =>
				numeric[i] && rows.length > 1 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!),
			)
			.join("  ")
			.trimEnd(),
	);
	return `${lines.join("\n")}\n`;
}
