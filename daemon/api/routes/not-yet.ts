import type { FastifyInstance } from "fastify";
import { FaultlineError } from "../../../base/errors.ts";

/** Calls of the design whose time has not come: they say so, instead of looking like a mistyped path. */
const calls: [method: "GET" | "POST", url: string, what: string][] = [
	["GET", "/nightly", "the nightly"],
];

export function notYetRoutes(app: FastifyInstance): void {
	for (const [method, url, what] of calls) {
		app.route({
			method,
			url,
			schema: { summary: `Not yet: ${what}` },
			handler: () => {
				throw new FaultlineError(
					"FLT_NOT_YET",
					`${method} ${url} is not there yet: ${what}`,
					"a later version brings it; GET /openapi.json has what works",
				);
			},
		});
	}
}
