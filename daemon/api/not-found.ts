import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { FaultlineError } from "../../base/errors.ts";

interface Call {
	pattern: RegExp;
	/** How many parts of its path stand for anything. */
	loose: number;
	method: string;
}

/**
 * Answers what no call takes: 405 with what the path does take, else 404. Before a body is looked at, whatever the
 * method. Installed before the routes, and after the guards.
 */
export function installNotFound(app: FastifyInstance): void {
	const calls: Call[] = [];
	app.addHook("onRoute", ({ url, method }) => {
		// A parameter is one part of a path, and never empty.
		const pattern = new RegExp(`^${url.replaceAll(/:\w+/g, "[^/]+")}$`);
		const loose = url.split(":").length - 1;
		for (const one of [method].flat()) calls.push({ pattern, loose, method: one });
	});
	const refuse = (request: FastifyRequest, reply: FastifyReply): never => {
		const path = request.url.split("?", 1)[0]!;
		const matching = calls.filter(({ pattern }) => pattern.test(path));
		const closest = Math.min(...matching.map(({ loose }) => loose));
		const methods = matching.flatMap(({ loose, method }) => (loose === closest ? method : []));
		if (methods.length === 0)
			throw new FaultlineError(
				"FLT_NOT_FOUND",
				`no ${request.method} ${request.url}`,
				"GET /openapi.json lists every call",
			);
		reply.header("allow", methods.join(", "));
		throw new FaultlineError(
			"FLT_METHOD",
			`no ${request.method} ${request.url}`,
			`it takes ${methods.join(", ")}; GET /openapi.json lists every call`,
		);
	};
	app.addHook("onRequest", async (request, reply) => {
		if (request.is404) refuse(request, reply);
	});
	app.setNotFoundHandler(refuse);
}
