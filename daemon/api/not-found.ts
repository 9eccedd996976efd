import type { FastifyInstance } from "fastify";
import { FaultlineError } from "../../base/errors.ts";

/** Answers what no call takes: 405 with what the path does take, else 404. Installed before the routes. */
export function installNotFound(app: FastifyInstance): void {
	const calls: { pattern: RegExp; method: string }[] = [];
	app.addHook("onRoute", ({ url, method }) => {
		// A parameter is one part of a path, and never empty.
		const pattern = new RegExp(`^${url.replaceAll(/:\w+/g, "[^/]+")}$`);
		for (const one of [method].flat()) calls.push({ pattern, method: one });
	});
	app.setNotFoundHandler((request, reply) => {
		const path = request.url.split("?", 1)[0]!;
		const methods = calls.flatMap(({ pattern, method }) => (pattern.test(path) ? method : []));
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
	});
}
