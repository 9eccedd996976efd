import type { Endpoint, EndpointKind } from "./endpoint.ts";

interface ServiceRow {
	/** What its clients speak. */
	speaks: EndpointKind;
	/**
	 * `with the stack`: it is there from the start on, unless the settings leave it out. `on demand`: it is started when a
	 * run is about to need it, and stopped when nobody has needed it for a while.
	 */
	starts: "with the stack" | "on demand";
}

/** The services of the stack: a line here, and all else of a service in its file in `daemon/stack/services/`. */
export const services = {
	postgres: { speaks: "postgres", starts: "with the stack" },
	redis: { speaks: "redis", starts: "with the stack" },
	kafka: { speaks: "kafka", starts: "with the stack" },
	s3: { speaks: "s3", starts: "on demand" },
	connect: { speaks: "http", starts: "on demand" },
	prometheus: { speaks: "http", starts: "on demand" },
	alertmanager: { speaks: "http", starts: "on demand" },
} as const satisfies Record<string, ServiceRow>;

/** A service that a scenario can need. */
export type ServiceId = keyof typeof services;

/** Where a client of this service connects. */
export type ServiceEndpoint<S extends ServiceId> = Extract<
	Endpoint,
	{ kind: (typeof services)[S]["speaks"] }
>;

type StartedOnDemand = {
	[S in ServiceId]: (typeof services)[S]["starts"] extends "on demand" ? S : never;
}[ServiceId];

/** One that is there from the start on. */
export type StandingService = Exclude<ServiceId, StartedOnDemand>;

export const serviceIds = Object.keys(services) as readonly ServiceId[];

export const standingServices = serviceIds.filter(
	(id): id is StandingService => services[id].starts === "with the stack",
);

export function isServiceId(id: string): id is ServiceId {
	return Object.hasOwn(services, id);
}

export function isOnDemand(id: string): id is StartedOnDemand {
	return isServiceId(id) && services[id].starts === "on demand";
}

/**
 * The brokers of a native Kafka, in the order of their node ids, which count from 1. Those behind the first run only
 * where three are asked for: each has a standing proxy of its own, and none is in the proxy table or in `compose.yml`.
 */
export const kafkaNodes = ["kafka", "kafka-2", "kafka-3"] as const;
export type KafkaNode = (typeof kafkaNodes)[number];

/** A process of a service that faults can name. */
export type ServiceProcess = ServiceId | KafkaNode;

/** The names of all processes that a service may have; the first is its own. */
export function processesOf<S extends string>(service: S): readonly (S | KafkaNode)[] {
	return service === "kafka" ? kafkaNodes : [service];
}
