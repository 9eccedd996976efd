import { STATUS_CODES } from "node:http";
import type { FastifyInstance } from "fastify";
import { FaultlineError } from "../../base/errors.ts";
import { answers, errorAnswer } from "./answers.ts";

/**
 * Completes what each call declares: its query takes nothing that it does not name, since a mistyped parameter would be
 * as if it were not there; and every status that it can answer has its schema. Installed before the routes.
 */
export function declareCalls(app: FastifyInstance): void {
	// The schemas are for readers: what is answered is neither checked nor cut by them.
	app.setSerializerCompiler(() => (document) => JSON.stringify(document));
	app.addHook("onRoute", (route) => {
		const call = `${[route.method].flat()[0]} ${route.url}`;
		const { querystring = { type: "object" }, ...schema } = route.schema ?? {};
		const declared = answers[call];
		if (declared === undefined)
			throw new FaultlineError(
				"FLT_INTERNAL",
				`${call} declares no answer`,
				"add it to answers.ts",
			);
		const { effect = false, owner = false } = route.config ?? {};
		const errors = errorsOf({
			takesBody: route.method !== "GET" && route.method !== "DELETE",
			isEffect: effect,
			isNamed: /[:]/.test(route.url),
		});
		const response: Record<number, object> = {};
		for (const status of errors) response[status] = described(status, errorAnswer);
		for (const [status, content] of Object.entries(declared))
			response[Number(status)] = described(Number(status), content);
		route.schema = {
			...schema,
			params: paramsOf(route.url),
			...(owner && { security: [{ owner: [] }] }),
			querystring: { properties: {}, additionalProperties: false, ...(querystring as object) },
			response,
		};
	});
}

/** The parts of a path that stand for a name or an id. */
function paramsOf(url: string): object {
	const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name!);
	const one = { type: "string", minLength: 1, maxLength: pathPartMax };
	return { type: "object", properties: Object.fromEntries(names.map((name) => [name, one])) };
}
export const pathPartMax = 200;

/** What can be answered where it does not do what it was asked. */
function errorsOf(call: { takesBody: boolean; isEffect: boolean; isNamed: boolean }): number[] {
	return [
		// No call this way, no token, a stranger; a request that is none; a mistake of ours.
		400,
		401,
		403,
		408,
		431,
		500,
		...(call.takesBody ? [413, 415] : []),
		...(call.isNamed ? [404, 409, 422, 429] : []),
		// Not now, and not without what is missing.
		...(call.isEffect ? [404, 409, 422, 429, 503] : []),
	];
}

function described(status: number, content: Record<string, object>): object {
	const description = STATUS_CODES[status] ?? "answered";
	if (Object.keys(content).length === 0) return { description, type: "null" };
	const media = Object.entries(content).map(([type, schema]) => [type, { schema }]);
	return { description, content: Object.fromEntries(media) };
}
