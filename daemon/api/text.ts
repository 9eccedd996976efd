import type { FastifyReply, FastifyRequest } from "fastify";
import { forTerminal } from "../../base/terminal.ts";

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
