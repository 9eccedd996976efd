import { Proxy as LibraryProxy, Toxiproxy } from "toxiproxy-node-client";
import { codeOf } from "../base/errors.ts";
import type { Toxic } from "./toxic.ts";
import { LimitedTransport } from "./transport.ts";

export type { Toxic } from "./toxic.ts";

/** A proxy as the server describes it. */
export interface ProxyState {
	name: string;
	/** Host and port where it takes connections. */
	listen: string;
	upstream: string;
	enabled: boolean;
	toxics: Toxic[];
}

/** Where a new proxy listens and leads to; port 0 takes a free one. */
export interface ProxyPlan {
	name: string;
	listen: string;
	upstream: string;
}

/**
 * A Toxiproxy server, one proxy at a time: `POST /reset` is never sent, because the server may be shared. Every call
 * ends within the limit, with `FLT_COMPONENT_LOST` when the server is away; removing what is gone is right.
 */
export class ToxiproxyClient {
	readonly url: string;
	readonly #server: Toxiproxy;

	constructor(url: string, limitMs = 2_000) {
		this.url = url.replace(/\/+$/, "");
		this.#server = new Toxiproxy(this.url);
		this.#server.api = new LimitedTransport(limitMs);
	}

	/** The server's version; a build by `go install` calls itself "git". */
	async version(): Promise<string> {
		const text = await this.#server.getVersion();
		return text.startsWith("{") ? (JSON.parse(text) as { version: string }).version : text.trim();
	}

	/** All proxies of the server, others' too. */
	async listProxies(): Promise<ProxyState[]> {
		const { data } = await this.#server.api.get<Record<string, ProxyState>>(`${this.url}/proxies`);
		return Object.values(data);
	}

	/** The proxy with its toxics, or null when there is none of that name. */
	async getProxy(name: string): Promise<ProxyState | null> {
		return unlessMissing(async () => {
			const { data } = await this.#server.api.get<ProxyState>(this.#pathOf(name));
			return data;
		});
	}

	/** Creates a proxy that is open at once; the answer holds the port it took. */
	async createProxy(plan: ProxyPlan): Promise<ProxyState> {
		return { ...(await this.#server.createProxy({ ...plan, enabled: true })).toJson(), toxics: [] };
	}

	/** Deletes a proxy and cuts its connections. */
	async deleteProxy(name: string): Promise<void> {
		await unlessMissing(() => this.#proxy(name).remove());
	}

	/** Opens or closes the proxy's listener; closing cuts its connections. */
	async setEnabled(name: string, enabled: boolean): Promise<void> {
		await this.#server.api.post(this.#pathOf(name), { enabled });
	}

	async addToxic(proxy: string, toxic: Toxic): Promise<void> {
		await this.#proxy(proxy).addToxic<Toxic["attributes"]>(toxic);
	}

	async removeToxic(proxy: string, name: string): Promise<void> {
		await unlessMissing(() =>
			this.#server.api.delete(`${this.#pathOf(proxy)}/toxics/${encodeURIComponent(name)}`),
		);
	}

	#pathOf(proxy: string): string {
		return `${this.url}/proxies/${encodeURIComponent(proxy)}`;
	}

	#proxy(name: string): LibraryProxy {
		const body = { name: encodeURIComponent(name), listen: "", upstream: "", enabled: true };
		return new LibraryProxy(this.#server, { ...body, toxics: [] });
	}
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | null> {
	try {
		return await call();
	} catch (error) {
		if (codeOf(error) === "FLT_NOT_FOUND") return null;
		throw error;
	}
}
