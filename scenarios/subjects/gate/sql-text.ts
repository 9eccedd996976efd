/** An identifier, whatever is in it. */
export function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

/** A text, whatever is in it. */
export function literal(text: string): string {
	const doubled = text.replaceAll("'", "''");
	return doubled.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}
