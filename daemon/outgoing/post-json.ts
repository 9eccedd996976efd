import http from "node:http";
import https from "node:https";

/** Not delivered, and no try more would help, such as a 404. */
export class Refused extends Error {}

/**
 * Posts JSON once; throws where the answer is no 2xx. Messages name the status alone: a URL or its answer can hold a
 * secret. `node:http` and not `fetch`, which would load a client of its own into the daemon.
 */
export function postJson(
	url: string,
	headers: Record<string, string>,
	body: unknown,
	signal: AbortSignal,
): Promise<void> {
	const bytes = Buffer.from(JSON.stringify(body));
	const { request } = url.startsWith("https:") ? https : http;
	return new Promise((resolve, reject) => {
		const sent = request(
			url,
			{
				method: "POST",
				agent: false,
				signal,
				headers: {
					...headers,
					"content-type": "application/json",
					"content-length": bytes.length,
				},
			},
			(answer) => {
				answer.resume();
				answer.once("error", reject);
				answer.once("end", () => {
					const status = answer.statusCode ?? 0;
					if (status >= 200 && status < 300) return resolve();
					const again = status >= 500 || status === 408 || status === 429;
					const message = `it answered ${status}`;
					reject(again ? new Error(message) : new Refused(message));
				});
			},
		);
		sent.once("error", reject);
		sent.end(bytes);
	});
}
