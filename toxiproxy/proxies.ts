import { hostPortOf } from "../base/host-port.ts";
import type { ServiceId, ServiceProcess } from "../base/services.ts";
import table from "./proxies.json" with { type: "json" };

/** A service that has a standing proxy. */
export type ProxiedService = Extract<ServiceId, "postgres" | "redis" | "kafka">;

/** One row of the proxy table: the ports are those of `compose.yml`; a native start chooses free ones. */
export interface ProxyRow {
	name: ProxiedService;
	listenPort: number;
	/** The port of the service that the proxy leads to; for Kafka its PROXIED listener, which advertises the proxy. */
	upstreamPort: number;
}

/** The standing proxies. `proxies.json` is also Toxiproxy's own configuration file in `compose.yml`. */
export const proxyTable: readonly ProxyRow[] = table.map((row) => ({
	name: row.name as ProxiedService,
	listenPort: hostPortOf(row.listen).port,
	upstreamPort: hostPortOf(row.upstream).port,
}));

/** What every proxy of one home is called: nothing else on a shared Toxiproxy is ever touched. */
export function proxyPrefix(homeId: string): string {
	return `faultline-${homeId}-`;
}

/** The name of a standing proxy on the server. */
export function standingProxyName(homeId: string, name: ServiceProcess): string {
	return proxyPrefix(homeId) + name;
}
