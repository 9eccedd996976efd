/** A line of the audit. */
export interface AuditLine {
	id: string;
	at: string;
	tenant: number;
	request: string;
	statement: string;
}

/** One statement a line, whatever is in it: what a terminal would obey is shown as its code. */
export function auditText(lines: readonly AuditLine[]): string {
	if (lines.length === 0) return "nothing was asked";
	return lines
		.map(
			({ at, tenant, request, statement }) =>
				`${at}  tenant ${tenant}  ${visible(request)}  ${visible(statement)}`,
		)
		.join("\n");
}

function visible(text: string): string {
	return text.replace(
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
		/[\u0000-\u001f\u007f-\u009f]/g,
		(sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`,
	);
}

/** A page that needs no script: the lines, and a form by which fewer of them are asked for. */
export function auditPage(
	lines: readonly AuditLine[],
	tenant: number | null,
	about: string,
): string {
	const rows = lines.map(
		(line) =>
			`<tr>${[line.at, line.tenant, line.request, line.statement].map((cell) => `<td>${escaped(String(cell))}</td>`).join("")}</tr>`,
	);
	return `<!doctype html><meta charset="utf-8"><title>Audit</title>
<style>body{font:14px system-ui;margin:2rem}table{border-collapse:collapse}td,th{text-align:left;padding:.3rem .8rem;border-bottom:1px solid #ddd;vertical-align:top}td:last-child{font-family:monospace;white-space:pre-wrap}</style>
<h1>Audit</h1>
<form><label>tenant <input name="tenant" size="5" value="${tenant ?? ""}"></label> <label>with the words <input name="about" value="${escaped(about)}"></label> <button>show</button></form>
<table><tr><th>at<th>tenant<th>request<th>statement</tr>${rows.join("\n")}</table>
<p>${lines.length} statements, the newest first.</p>`;
}

function escaped(text: string): string {
	const signs: Record<string, string> = {
		"&": "&amp;",
		"<": "&lt;",
		">": "&gt;",
		'"': "&quot;",
		"'": "&#39;",
	};
	return text.replace(/[&<>"']/g, (sign) => signs[sign]!);
}
