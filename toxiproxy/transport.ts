import http from "node:http";
import https from "node:https";
import { HttpClient, type HttpResponse } from "toxiproxy-node-client/dist/HttpClient.js";
import { patience } from "../base/clock.ts";
import { FaultlineError, messageOf } from "../base/errors.ts";

interface Answer {
	status: number;
	text: string;
}

/**
 * What the client library sends through. Its own transport has no time limit and drops the text of an error; a
 * fault's heal must not hang on a proxy server that is itself frozen.
 */
export class LimitedTransport extends HttpClient {
	readonly limitMs: number;

	constructor(limitMs: number) {
		super();
		this.limitMs = limitMs;
	}

	override async get<T>(url: string): Promise<HttpResponse<T>> {
		return parsed(await this.#accepted("GET", url));
	}

	override async post<T>(url: string, body?: unknown): Promise<HttpResponse<T>> {
		return parsed(await this.#accepted("POST", url, body));
	}

	override async delete(url: string): Promise<void> {
		await this.#accepted("DELETE", url);
	}

	override getText(url: string): Promise<string> {
		return this.#accepted("GET", url);
	}

	async #accepted(method: "GET" | "POST" | "DELETE", url: string, body?: unknown): Promise<string> {
		const { status, text } = await exchange(method, url, body, this.limitMs);
		if (status < 300) return text;
		throw new FaultlineError(
			status === 404 ? "FLT_NOT_FOUND" : status === 409 ? "FLT_CONFLICT" : "FLT_INTERNAL",
			`Toxiproxy refused ${method} ${url} with ${status}: ${text.trim()}`,
			`it was sent ${JSON.stringify(body ?? null)}`,
		);
	}
}

function parsed<T>(text: string): HttpResponse<T> {
	return { data: JSON.parse(text) as T };
}

function exchange(
	method: "GET" | "POST" | "DELETE",
	url: string,
	body: unknown,
	limitMs: number,
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const fail = (error: unknown) => reject(away(method, url, error));
		const send = url.startsWith("https:") ? https.request : http.request;
		const request = send(url, { method, agent: false, signal: patience(limitMs) });
		request.on("error", (error) =>
			fail(error.name === "AbortError" ? new Error(`no answer within ${limitMs} ms`) : error),
		);
		request.on("response", (response) => {
			const chunks: Buffer[] = [];
			response.on("data", (chunk: Buffer) => chunks.push(chunk));
			response.on("error", fail);
			response.on("end", () =>
				resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
			);
		});
		if (body !== undefined) {
			request.setHeader("content-type", "application/json");
			request.write(JSON.stringify(body));
		}
		request.end();
	});
}

function away(method: string, url: string, error: unknown): FaultlineError {
	return new FaultlineError(
		"FLT_COMPONENT_LOST",
		`Toxiproxy did not answer ${method} ${url}: ${messageOf(error)}`,
		"`faultline stack status` shows whether it runs; `faultline stack up` starts it again",
		error,
	);
}
