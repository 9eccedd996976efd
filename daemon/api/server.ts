import type { Socket } from "node:net";
import swagger from "@fastify/swagger";
import { type FastifyError, type FastifyInstance, type FastifyReply, fastify } from "fastify";
import { type ErrorCode, FaultlineError, messageOf } from "../../base/errors.ts";
import { ownVersion } from "../record/environment.ts";
import { bodyBytesMax, installBodies } from "./bodies.ts";
import type { ApiContext, ErrorBody } from "./context.ts";
import { declareCalls, pathPartMax } from "./declare.ts";
import { everyAnswer, type GuardOptions, installGuards } from "./guards.ts";
import { installNotFound } from "./not-found.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { comparisonRoutes } from "./routes/comparisons.ts";
import { faultRoutes } from "./routes/faults.ts";
import { metricRoutes } from "./routes/metrics.ts";
import { nightlyRoutes } from "./routes/nightly.ts";
import { rootRoutes } from "./routes/root.ts";
import { runRoutes } from "./routes/runs.ts";
import { scenarioRoutes } from "./routes/scenarios.ts";
import { stackRoutes } from "./routes/stack.ts";
import { suiteRoutes } from "./routes/suites.ts";

/** The HTTP API; listens nowhere yet. */
export async function buildApi(
	context: ApiContext,
	guards: GuardOptions,
): Promise<FastifyInstance> {
	// Fastify would answer HEAD by running the GET's handler, and a GET can start a run.
	const app = fastify({
		exposeHeadRoutes: false,
		forceCloseConnections: true,
		logger: false,
		// Fastify would take unknown keys out of a body, and a mistyped one would run with defaults; and it would make
		// `null` a 0 and `[5]` a 5.
		ajv: {
			customOptions: { removeAdditional: false, coerceTypes: false, allowUnionTypes: true },
		},
		bodyLimit: bodyBytesMax,
		// Longer ones are refused by their schema; beyond this the router does.
		routerOptions: { maxParamLength: 2 * pathPartMax },
		// A request that comes by drops holds a connection for nothing.
		requestTimeout: requestMs,
		http: { headersTimeout: requestMs, connectionsCheckingInterval: 1_000 },
		clientErrorHandler,
		// A URL that can't be decoded meets no hook and no error handler.
		frameworkErrors: (error, _request, reply) =>
			answerWith(toFaultline(error), (reply as FastifyReply).headers(everyAnswer)),
	});
	installGuards(app, guards);
	installBodies(app);
	declareCalls(app);
	app.setErrorHandler((error, request, reply) => {
		const known = toFaultline(error);
		if (known.status >= 500) context.log(`${request.method} ${request.url}: ${messageOf(error)}`);
		answerWith(known, reply);
	});
	installNotFound(app);
	await app.register(swagger, {
		openapi: {
			openapi: "3.1.0",
			components: {
				securitySchemes: {
					token: {
						type: "http",
						scheme: "bearer",
						description: "FAULTLINE_TOKEN, where it is set",
					},
					owner: {
						type: "http",
						scheme: "bearer",
						description: "the owner's token, in the home folder's file `token`",
					},
				},
			},
			info: {
				title: "Faultline",
				description: "Starts scenarios, follows runs, compares them.",
				version: ownVersion(),
			},
		},
	});
	await app.register(async (routes) => {
		scenarioRoutes(routes, context);
		suiteRoutes(routes, context);
		runRoutes(routes, context);
		comparisonRoutes(routes, context);
		faultRoutes(routes, context);
		alertRoutes(routes, context);
		metricRoutes(routes, context);
		rootRoutes(routes);
		stackRoutes(routes, context);
		nightlyRoutes(routes, context);
		routes.get("/openapi.json", { schema: { hide: true } }, () =>
			withOptionalBodies(app.swagger()),
		);
	});
	return app;
}

/** The swagger plugin says of every body that it is required. */
function withOptionalBodies<T extends { paths?: object }>(document: T): T {
	for (const [path, calls] of Object.entries(document.paths ?? {}))
		if (/\/start$|^\/nightly$/.test(path)) delete (calls as Calls).post?.requestBody?.required;
	return document;
}
type Calls = { post?: { requestBody?: { required?: boolean } } };

function toFaultline(error: unknown): FaultlineError {
	if (error instanceof FaultlineError) return error;
	const { statusCode = 500 } = error as { statusCode?: number };
	// Fastify's own: no shape, no JSON, too much of it.
	if (statusCode >= 400 && statusCode < 500) {
		const [code, hint] = ofFastify[statusCode] ?? ["FLT_USAGE", "GET /openapi.json has the shapes"];
		return new FaultlineError(code, `${messageOf(error)}${allowedIn(error)}`, hint);
	}
	// What went wrong inside is for the log: a caller gets no stack and no path.
	return new FaultlineError(
		"FLT_INTERNAL",
		"the daemon failed at this call",
		"see the daemon's log",
		error,
	);
}

/** What the validator knows and does not say: which values there are. */
function allowedIn(error: unknown): string {
	const [first] = (error as Partial<FastifyError>).validation ?? [];
	const allowed = first?.params.allowedValues;
	return Array.isArray(allowed) ? `: ${allowed.join(", ")}` : "";
}

/** What is no HTTP, or came too slowly, meets no hook and no reply: it is answered by hand, and the connection ends. */
function clientErrorHandler(error: { code?: string }, socket: Socket): void {
	if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
	const [status, known] = noRequest(error.code);
	const body = JSON.stringify(bodyOf(known));
	const headers = {
		...everyAnswer,
		"content-type": "application/json; charset=utf-8",
		"content-length": Buffer.byteLength(body),
		connection: "close",
	};
	const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
	socket.end(`HTTP/1.1 ${status}\r\n${head.join("")}\r\n${body}`);
}

function noRequest(code: string | undefined): [status: string, error: FaultlineError] {
	switch (code) {
		case "ERR_HTTP_REQUEST_TIMEOUT":
			return [
				"408 Request Timeout",
				new FaultlineError(
					"FLT_TOO_SLOW",
					`the request did not come within ${requestMs} ms`,
					"send it as a whole",
				),
			];
		case "HPE_HEADER_OVERFLOW":
			return [
				"431 Request Header Fields Too Large",
				new FaultlineError("FLT_TOO_LARGE", "URL and headers are too long", "send less than 16 KB"),
			];
		default:
			return ["400 Bad Request", new FaultlineError("FLT_USAGE", "this is no HTTP request", "")];
	}
}
const requestMs = 10_000;

const ofFastify: Record<number, [ErrorCode, hint: string] | undefined> = {
	413: ["FLT_TOO_LARGE", `at most ${bodyBytesMax} bytes are taken`],
	415: ["FLT_MEDIA_TYPE", "send JSON (Content-Type: application/json), or no body at all"],
};

function answerWith(error: FaultlineError, reply: FastifyReply): void {
	reply.status(error.status).send(bodyOf(error));
}

export function bodyOf({ code, message, hint }: FaultlineError): ErrorBody {
	return { error: { code, message: cut(message), hint: cut(hint) } };
}

/** An error may repeat what it was given, and that may be long. */
function cut(text: string): string {
	return text.length > textMax ? `${text.slice(0, textMax)}… (${text.length} characters)` : text;
}
const textMax = 4_000;
