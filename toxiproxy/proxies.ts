import { hostPortOf } from "../base/host-port.ts";
import table from "./proxies.json" with { type: "json" };

/** A service that has a standing proxy. */
export type ProxiedService = "postgres" | "redis" | "kafka";

/**
 * The brokers of a native Kafka, in the order of their node ids, which count from 1. Those behind the first run only
 * where three are asked for: each has a standing proxy of its own, and none is in the table or in `compose.yml`.
 */
export const kafkaNodes = ["kafka", "kafka-2", "kafka-3"] as const;
export type KafkaNode = (typeof kafkaNodes)[number];

/** A process of a service that faults can name. */
export type ServiceProcess = ProxiedService | KafkaNode;

/** The names of all processes that a service may have; the first is its own. */
export function processesOf<S extends string>(service: S): readonly (S | KafkaNode)[] {
	return service === "kafka" ? kafkaNodes : [service];
}

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
