import type { FastifyReply, FastifyRequest } from "fastify";
import { forTerminal } from "../../base/terminal.ts";

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

/** Does the caller want text: `?format=text`, or `Accept: text/plain` without JSON. */
export function wantsText(request: FastifyRequest): boolean {
	const { format } = request.query as { format?: string };
	if (format !== undefined) return format === "text";
	const accept = request.headers.accept ?? "";
	return accept.includes("text/plain") && !accept.includes("application/json");
}

/** Sends the document as JSON, or as text where that was asked for; `wanted`: known from elsewhere than the query. */
export function present<T>(
	request: FastifyRequest,
	reply: FastifyReply,
	document: T,
	asText: (document: T) => string,
	wanted: boolean | null = null,
): FastifyReply {
	if (!(wanted ?? wantsText(request))) return reply.send(document);
	return reply.type("text/plain; charset=utf-8").send(forTerminal(asText(document)));
}
