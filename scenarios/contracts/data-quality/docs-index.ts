/** The page that leads to those of the batches that were rejected, each with what is wrong with it. */
export function docsIndex(
	rejected: readonly { batch: number; error: string; page: string }[],
): string {
	const rows = rejected.map(
		({ batch, error, page }) =>
			`<tr><td><a href="${escaped(page)}">batch ${batch}</a></td><td>${error.split("; ").map(escaped).join("<br>")}</td></tr>`,
	);
	return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Batches in quarantine</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
td { border-top: 1px solid #ddd; padding: .4rem; vertical-align: top } td:first-child { white-space: nowrap }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd } a { color: #8bf } td { border-color: #444 } }
</style></head>
<body><h1>Batches in quarantine</h1>
${rows.length === 0 ? "<p>No batch was rejected.</p>" : `<table>\n${rows.join("\n")}\n</table>`}
</body>
</html>
`;
}

const named: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
	return text.replaceAll(/[&<>"]/g, (letter) => named[letter]!);
}
