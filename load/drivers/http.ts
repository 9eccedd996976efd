import { FaultlineError } from "../../base/errors.ts";
import type { Driver } from "../driver.ts";
import { HttpClient } from "../wire/http-client.ts";
import { repeatRequest } from "../wire/http-repeat.ts";

declare module "../driver.ts" {
	interface DriverClients {
		http: HttpClient;
	}
}

export type { HttpClient };

export default {
	speaks: ["http"],
	async open(at, { connections, signal }) {
		const base = baseOf(at.kind === "http" ? at.url : `${at.kind}:`);
		const client = new HttpClient(base, connections, at.kind === "http" ? at.tls : undefined);
		await client.open(signal);
		return client;
	},
	async close(client) {
		client.close();
	},
	classify: () => null,
	repeat(client, repeat, seed) {
		if (repeat.kind === "http") return repeatRequest(client, repeat, seed);
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`the http driver can't repeat a ${repeat.kind} operation`,
			"give it a request",
		);
	},
	counters: (client) => ({ attempts: client.attempts, ...Object.fromEntries(client.redirects) }),
} satisfies Driver<HttpClient>;

function baseOf(url: string): URL {
	const base = URL.canParse(url) ? new URL(url) : null;
	if (base?.protocol === "http:" || base?.protocol === "https:") return base;
	throw new FaultlineError(
		"FLT_PLAN_INVALID",
		`the http driver can't speak to ${url}`,
		"give it an http:// or https:// URL",
	);
}
