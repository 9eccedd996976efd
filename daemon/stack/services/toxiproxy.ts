import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { processesOf } from "../../../base/services.ts";
import { ToxiproxyClient } from "../../../toxiproxy/client.ts";
import { proxyTable } from "../../../toxiproxy/proxies.ts";
import { type Cache, cached, fetchOnce, type Parcel } from "../../tools/cache.ts";
import { type Component, missing } from "../../tools/component.ts";
import { onPath } from "../../tools/program.ts";
import { goInstall } from "../../tools/recipes/go.ts";
import type { Service } from "../service.ts";
import { hostOf, urlOf } from "../urls.ts";

const version = "2.12.0";
const module = `github.com/Shopify/toxiproxy/v2/cmd/server@v${version}`;
const program = "toxiproxy-server";
const parcel: Parcel = {
	name: `toxiproxy-${version}`,
	what: `Toxiproxy ${version}`,
	why: "network faults go through it",
	from: "the Go module proxy",
	sizeMb: 16,
	typicalSeconds: 40,
};
const fix =
	"install Go 1.23 or later (https://go.dev/dl), or put toxiproxy-server on the PATH, or set FAULTLINE_TOXIPROXY_URL";

function installed(cache: Cache): Component | null {
	const path = onPath(cache.env, program);
	return path === null ? null : { version: "unknown", source: path, path };
}

const toxiproxy: Service = {
	/** Its own, then those of the standing proxies. */
	ports: ["direct", ...proxyTable.flatMap((row) => processesOf(row.name))],
	proxiedPort: null,
	readyLimitMs: 10_000,
	memoryMb: 60,
	stop: { signal: "SIGTERM", graceMs: 1_000 },

	external: ({ toxiproxyUrl }) =>
		toxiproxyUrl === null ? null : { kind: "http", url: toxiproxyUrl },
	endpointAt: (address) => ({ kind: "http", url: `http://${address}` }),
	upstreamOf: (endpoint) => hostOf(urlOf(endpoint), 8474),

	async fetch(cache) {
		const go = onPath(cache.env, "go");
		const other = go === null && cached(cache, parcel) === null ? installed(cache) : null;
		if (other !== null) return other;
		if (go === null && cached(cache, parcel) === null)
			throw missing(`go and ${program} were looked for on the PATH`, fix);
		try {
			const folder = await fetchOnce(cache, parcel, (draft) =>
				goInstall(cache, draft, { module, program }),
			);
			return { version, source: module, path: join(folder, program) };
		} catch (error) {
			throw missing(`go install ${module}`, fix, error);
		}
	},

	survey(cache) {
		const folder = cached(cache, parcel);
		if (folder !== null) return { state: "found", version, source: folder };
		if (onPath(cache.env, "go") !== null) return { state: "fetchable", version, source: module };
		const other = installed(cache);
		if (other !== null) return { state: "found", version: other.version, source: other.path };
		return { state: "missing", tried: `go and ${program} on the PATH`, fix };
	},

	async prepare({ home, component, ports }) {
		const folder = home.data("toxiproxy");
		mkdirSync(folder, { recursive: true });
		const args = ["-host", "127.0.0.1", "-port", String(ports.direct)];
		const file = component.path;
		const variables = { LOG_LEVEL: "warn" }; // by default it tells of every connection and request
		return {
			file,
			args,
			variables,
			folder,
			configuration: "",
			user: null,
			staleFiles: [],
			beforeStart: null,
		};
	},

	async probe(endpoint, limitMs) {
		const client = new ToxiproxyClient(urlOf(endpoint), limitMs);
		await client.listProxies();
		const answered = await client.version();
		return answered === "git" ? null : answered;
	},
};

export default toxiproxy;
