/** A table; the first row is its heading. */
export function markdown(rows: readonly (readonly (string | number)[])[]): string {
	const lines = rows.map((row) => `| ${row.join(" | ")} |`);
	const [heading, ...others] = lines;
	return [heading, `|${rows[0]!.map(() => "---").join("|")}|`, ...others].join("\n");
}
