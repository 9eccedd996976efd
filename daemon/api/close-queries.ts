import type { FastifyInstance } from "fastify";

/** No call ignores a part of its query: a mistyped one would be as if it were not there. Installed before the routes. */
export function closeQueries(app: FastifyInstance): void {
	app.addHook("onRoute", (route) => {
		const { querystring = { type: "object" }, ...schema } = route.schema ?? {};
		route.schema = {
			...schema,
			querystring: { additionalProperties: false, ...(querystring as object) },
		};
	});
}
