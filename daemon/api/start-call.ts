import type { FastifyRequest } from "fastify";
import { FaultlineError } from "../../base/errors.ts";
import { mustBeOwner } from "./guards.ts";

const nameMax = 100;
/** More than any scenario has; what is given beyond it is no mistake to be explained one by one. */
const paramsMax = 100;

export const format = { type: "string", enum: ["json", "text"] };

/** The query of a call that answers as JSON or as text. */
export const formed = { type: "object", properties: { format } };

/** A name of anything here. */
export const name = { type: "string", minLength: 1, maxLength: nameMax };

/** No path has a control character in it, and NUL ends one for the kernel. */
export const filePath = {
	type: "string",
	minLength: 1,
	maxLength: 4_096,
	pattern: "^[^\\u0000-\\u001f\\u007f]*$",
};

const bounds = { maxProperties: paramsMax, propertyNames: { maxLength: nameMax } };

/** Parameters in a body. */
export const givenParams = { type: "object", ...bounds };

/** The schemas of a call that starts something by its parameters; `own` are those that it tells of by name. */
export function startSchemas(own: Record<string, object>) {
	return {
		querystring: {
			type: "object",
			...bounds,
			properties: { ...own, wait: { type: "string", enum: ["true", "false"] }, format },
			additionalProperties: { type: "string", maxLength: 4_096 },
		},
		body: {
			type: "object",
			description: "parameters as well, each of its own type; the query wins over them",
			...bounds,
			properties: {
				wait: { enum: [true, false, "true", "false"] },
				format,
				allowDestructive: {
					enum: [true, false, "true", "false"],
					description:
						"faults may break what Faultline has not started, where the plan says so; only with the owner's token, and in no address",
				},
			},
			additionalProperties: true,
		},
	};
}

/** A start needs no body at all; one that is there has to be an object, `null` is none. */
export async function withoutBody(request: FastifyRequest): Promise<void> {
	if (request.body === undefined) request.body = {};
}

/** What a start was asked for. */
export function readStart(request: FastifyRequest): {
	given: Record<string, unknown>;
	waits: boolean;
	asText: boolean | null;
} {
	const all = { ...(request.body as object | undefined), ...(request.query as object) };
	checkPermission(request, all);
	const { wait, format, ...given } = all as Record<string, unknown>;
	return {
		given,
		waits: wait === true || wait === "true",
		asText: format === undefined ? null : format === "text",
	};
}

/** What is broken for good is allowed by its owner, who writes a body: an address is opened by whoever is sent it. */
function checkPermission(request: FastifyRequest, all: { allowDestructive?: unknown }): void {
	if (Object.hasOwn(request.query as object, "allowDestructive"))
		throw new FaultlineError(
			"FLT_FORBIDDEN",
			"refused: allowDestructive in an address",
			'POST it: "allowDestructive": true in the body, with the owner\'s token (Authorization: Bearer …)',
		);
	if ("allowDestructive" in all && String(all.allowDestructive) !== "false") mustBeOwner(request);
}
