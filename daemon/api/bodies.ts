import type { FastifyInstance, FastifyRequest } from "fastify";
import { FaultlineError } from "../../base/errors.ts";

/** Whatever a call takes fits into it many times; parsing as much takes a millisecond. */
export const bodyBytesMax = 64 * 1_024;
const depthMax = 32;
const valuesMax = 10_000;

/**
 * What calls take as a body: JSON of a bounded size, depth and count, none of it converted: a `"5"` is no number. And
 * an empty form, which the button of a page sends.
 */
export function installBodies(app: FastifyInstance): void {
	app.removeAllContentTypeParsers();
	const parse = app.getDefaultJsonParser("error", "error");
	app.addContentTypeParser("application/json", { parseAs: "string" }, (request, text, done) => {
		void parse(request, text as string, (error, value) => {
			if (error) return done(error);
			const problem = problemOf(value);
			done(problem === null ? null : invalid(`the body ${problem}`), value);
		});
	});
	app.addContentTypeParser(
		"application/x-www-form-urlencoded",
		{ parseAs: "string" },
		(_request, text, done) => {
			if (text === "") return done(null, undefined);
			done(
				new FaultlineError(
					"FLT_MEDIA_TYPE",
					"the body is a form",
					"send JSON (Content-Type: application/json), or parameters in the query",
				),
			);
		},
	);
	app.addHook("preValidation", async (request) => convertWholeNumbers(request));
}

/** A query is text: its whole numbers are read as such, written in digits alone. */
function convertWholeNumbers(request: FastifyRequest): void {
	const { querystring } = (request.routeOptions.schema ?? {}) as {
		querystring?: { properties?: Record<string, { type?: unknown }> };
	};
	const query = request.query as Record<string, unknown>;
	for (const [name, { type }] of Object.entries(querystring?.properties ?? {})) {
		const given = query[name];
		if (type !== "integer" || typeof given !== "string") continue;
		if (/^-?\d{1,15}$/.test(given)) query[name] = Number(given);
	}
}

/** Why this value is not taken, or null. Walks without recursion: one may nest as deep as the body is long. */
function problemOf(value: unknown): string | null {
	let level: unknown[] = [value];
	let count = 0;
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > depthMax) return `nests deeper than ${depthMax}`;
		count += level.length;
		if (count > valuesMax) return `holds more than ${valuesMax} values`;
		const next: unknown[] = [];
		for (const one of level) {
			if (typeof one === "number" && !Number.isFinite(one)) return "has a number beyond any";
			if (typeof one === "object" && one !== null) next.push(...Object.values(one));
		}
		level = next;
	}
	return null;
}

function invalid(message: string): FaultlineError {
	return new FaultlineError("FLT_USAGE", message, "GET /openapi.json has the shapes");
}
