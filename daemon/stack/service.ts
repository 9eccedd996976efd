import type { Endpoint } from "../../base/endpoint.ts";
import type { HostPort } from "../../base/host-port.ts";
import type { ProcessIdentity } from "../../base/process.ts";
import type { RunNames } from "../../base/run-names.ts";
import type { ServiceId, ServiceProcess } from "../../base/services.ts";
import type { Home } from "../home/home.ts";
import type { Cache } from "../tools/cache.ts";
import type { Component, Say, Survey } from "../tools/component.ts";
import type { StackSettings } from "./settings.ts";

/** A part of the stack, a file in `services/`: what scenarios can need, and Toxiproxy, which all need. */
export type ComponentId = ServiceId | "toxiproxy";
/** A process of the stack: a component, or one of Kafka's further brokers, which have records and folders of their own. */
export type ProcessId = ServiceProcess | "toxiproxy";

/** How a service is started: two equal launches are the same configuration. */
export interface Launch {
	file: string;
	args: readonly string[];
	/** Environment variables of its own. */
	variables: Readonly<Record<string, string>>;
	/** Its own folder and working directory: the mark of last resort by which its processes are found. */
	folder: string;
	/** The text of its configuration files, already written, and whatever else makes another start of it. */
	configuration: string;
	/** The unprivileged user it runs as, where we are root and it refuses that. */
	user: { uid: number; gid: number } | null;
	/** Removed before each start: what a killed instance leaves and a new one stumbles over. */
	staleFiles: readonly string[];
	/** Done before each start, when no process of the service is left; null where nothing is to be done. */
	beforeStart: (() => Promise<void>) | null;
}

/** Where one process of a service listens. */
export interface Place {
	id: ProcessId;
	/** One port for each of the service's `ports`. */
	ports: Readonly<Record<string, number>>;
	/** host:port of its standing proxy. */
	proxyAddress: string;
}

export interface LaunchContext extends Place {
	home: Home;
	component: Component;
	/** All processes of the service, itself among them. */
	cluster: readonly Place[];
	/** Another service as it is now, of one that is up. */
	reach(id: ServiceId): { endpoint: Endpoint; isOurs: boolean } | null;
	/** The environment of everything that is started, with the home's mark. */
	env: Readonly<Record<string, string | undefined>>;
	log: Say;
	signal: AbortSignal;
}

/**
 * One service of the stack, a file in `services/` that exports it by default; its name is the id. Everything that
 * differs between services is here, everything else (adoption, marks, records, stopping) is shared.
 */
export interface Service {
	/** The ports it listens on; the first is where clients connect directly. */
	ports: readonly string[];
	/** The port its standing proxy leads to, or null where it has no proxy. */
	proxiedPort: string | null;
	/** How many processes it has, each like the first; one where it does not say. */
	processes?(settings: StackSettings): number;
	/** The endpoint a user configured instead, or null. */ external(
		settings: StackSettings,
	): Endpoint | null;
	/** The endpoint of our own one at host:port, or at several with commas between them, with this home's credentials. */
	endpointAt(address: string, home: Home): Endpoint;
	/** The host:port a proxy for this endpoint leads to, or null where one proxy can't carry it. */
	upstreamOf(endpoint: Endpoint): string | null;
	/**
	 * Opens what stands between an external service and its proxies, which take connections there; where a proxy alone
	 * does not carry it.
	 */
	front?(endpoint: Endpoint, proxies: readonly HostPort[], log: Say): Promise<Front>;
	/** Finds the program or fetches it into the cache; throws `FLT_COMPONENT_MISSING`. */
	fetch(cache: Cache): Promise<Component>;
	/** What a fetch would find, without fetching: for `faultline doctor`. */
	survey(cache: Cache): Survey;
	/** Makes its data folder if need be and says how to start it; starts nothing. */
	prepare(context: LaunchContext): Promise<Launch>;
	/**
	 * One real round trip; returns the version that answered, null where the protocol does not tell it. One of `our`
	 * processes is asked alone, and must have been let into its cluster.
	 */
	probe(endpoint: Endpoint, limitMs: number, whose: "our" | "external"): Promise<string | null>;
	readyLimitMs: number;
	/** What it takes of the machine's memory, at most, while it runs. */
	memoryMb: number;
	/** Services that it connects to itself: they are up before it is started. */
	after?: readonly ServiceId[];
	/** Makes what has to be there before a run makes anything of its own under these names. */
	openRun?(endpoint: Endpoint, names: RunNames): Promise<void>;
	/** The endpoint as a run gets it: its own part of the service. */
	forRun?(endpoint: Endpoint, names: RunNames): Endpoint;
	/**
	 * Removes everything that carries a run's names, whoever made it, that of each part of the run too. Right when nothing
	 * is there, any number of times; where runs can make nothing in it, it is left out.
	 */
	cleanRun?(endpoint: Endpoint, names: RunNames): Promise<void>;
	stop: { signal: NodeJS.Signals; graceMs: number };
}

/** What speaks for an external service whose clients go where it says that it lives. */
export interface Front {
	/** Where it is connected to past the proxies. */
	direct: Endpoint;
	/** host:port that the proxy of each of its processes leads to. */
	upstreams: readonly string[];
	close(): void;
}

export type ServiceState =
	| {
			state: "up";
			how: "external" | "native" | "adopted";
			endpoint: Endpoint;
			/** Through the standing proxy; null without Toxiproxy. */
			proxied: Endpoint | null;
			version: string;
			/** The process to freeze or kill; null for an external service, which is never touched. */
			root: ProcessIdentity | null;
	  }
	/** Not needed now: it is started when a run needs it. */
	| { state: "off" }
	| { state: "missing"; tried: string; fix: string };
