import http, { type IncomingMessage } from "node:http";
import { monotonicMs } from "../../base/clock.ts";
import type { Json } from "../../base/json.ts";

/** A request as a route takes it. */
export interface ServedRequest {
	/** The parts of the path that the route names: `/orders/:id` gives `{ id }`. */
	readonly params: Readonly<Record<string, string>>;
	/** What follows the question mark. */
	readonly query: URLSearchParams;
	readonly headers: IncomingMessage["headers"];
	/** When it had come in, as `monotonicMs` reads the clock: an operation's `intendedAtMs` is of the same. */
	readonly arrivedMs: number;
	/** Aborted where whoever asked has left before the answer. */
	readonly gone: AbortSignal;
	/** The whole body, parsed; throws where it is no JSON, which answers 400. */
	json<T = Json>(): Promise<T>;
}

/** A body that goes out as JSON with status 200, or one with a status of its own. */
export type Served = Json | { status: number; body?: Json };

/** `"POST /orders"` → what answers it. `"*"` answers all that no other does. */
export type Routes = Record<string, (request: ServedRequest) => Promise<Served> | Served>;

/**
 * Serves these routes over HTTP on loopback, on the port that `FLT_PORT` asks for, and says on standard output that it is
 * ready, as a subject has to. What a route throws answers 500 with its message. Resolves with the port.
 */
export function serve(routes: Routes): Promise<number> {
	const table = Object.entries(routes).map(([route, answer]) => ({
		matches: matcher(route),
		answer,
	}));
	const server = http.createServer((request, response) => {
		response.on("error", () => {}); // whoever asked may be gone
		const arrivedMs = monotonicMs();
		const left = new AbortController();
		response.once("close", () => {
			if (!response.writableFinished) left.abort(new Error("whoever asked has left"));
		});
		const chunks: Buffer[] = [];
		const body = new Promise<string>((resolve, reject) => {
			request.on("data", (chunk: Buffer) => chunks.push(chunk));
			request.on("end", () => resolve(Buffer.concat(chunks).toString()));
			request.on("error", reject);
		});
		body.catch(() => {}); // heard where it is read
		const send = (status: number, answer: Json) =>
			response
				.writeHead(status, { "content-type": "application/json" })
				.end(JSON.stringify(answer));
		const [path = "/", query = ""] = (request.url ?? "").split(/\?(.*)/s);
		const parts = partsOf(path);
		for (const { matches, answer } of table) {
			const params = matches(request.method ?? "", parts);
			if (params === null) continue;
			const served: ServedRequest = {
				params,
				query: new URLSearchParams(query),
				headers: request.headers,
				arrivedMs,
				gone: left.signal,
				json: async <T>() => parsed<T>(await body),
			};
			Promise.resolve()
				.then(() => answer(served))
				.then(
					(said) => (hasStatus(said) ? send(said.status, said.body ?? null) : send(200, said)),
					(error: unknown) => send(error instanceof NotJson ? 400 : 500, { error: String(error) }),
				);
			return;
		}
		if (parts === null)
			send(400, { error: `the path ${path} has an escape that stands for nothing` });
		else send(404, { error: `no route for ${request.method} ${request.url}` });
	});
	server.keepAliveTimeout = 60_000;
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(Number(process.env.FLT_PORT ?? 0), "127.0.0.1", backlog, () => {
			const address = server.address();
			const port = typeof address === "object" && address !== null ? address.port : 0;
			console.log(`FLT_READY ${JSON.stringify({ port })}`);
			resolve(port);
		});
	});
}

/** Connections that may wait to be taken: a crowd that comes back at once must not be turned away by the kernel. */
const backlog = 4_096;

class NotJson extends Error {}

function parsed<T>(text: string): T {
	try {
		return JSON.parse(text) as T;
	} catch (error) {
		throw new NotJson(`the body is no JSON: ${String(error)}`);
	}
}

/** Whether an answer says its status: any other field, or a number that is none, is a body's own affair. */
function hasStatus(said: Served): said is { status: number; body?: Json } {
	if (typeof said !== "object" || said === null || Array.isArray(said)) return false;
	const { status } = said;
	return (
		Number.isInteger(status) &&
		Number(status) >= 200 &&
		Number(status) <= 599 &&
		Object.keys(said).every((key) => key === "status" || key === "body")
	);
}

/** The parts of a path as they were meant; null where an escape in it is none. */
function partsOf(path: string): string[] | null {
	try {
		return path.split("/").map(decodeURIComponent);
	} catch {
		return null;
	}
}

type Matcher = (method: string, parts: readonly string[] | null) => Record<string, string> | null;

/** The parameters of a path that a route matches; null where it does not. A route that could match nothing throws. */
function matcher(route: string): Matcher {
	if (route === "*") return () => ({});
	const [, wantedMethod, wantedPath] = /^([A-Z]+) (\/\S*)$/.exec(route) ?? [];
	if (wantedMethod === undefined || wantedPath === undefined)
		throw new Error(
			`no request matches the route "${route}": it is a method and a path, such as "GET /orders/:id", or "*"`,
		);
	const wanted = wantedPath.split("/");
	return (method, parts) => {
		if (method !== wantedMethod || parts?.length !== wanted.length) return null;
		const params: Record<string, string> = {};
		for (const [at, part] of wanted.entries()) {
			if (part.startsWith(":")) params[part.slice(1)] = parts[at]!;
			else if (part !== parts[at]) return null;
		}
		return params;
	};
}
