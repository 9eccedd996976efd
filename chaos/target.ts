import type { ProcessIdentity } from "../base/process.ts";
import type { ToxiproxyClient } from "../toxiproxy/client.ts";
import type { Probe } from "./probe.ts";
import type { Controls } from "./subject/controls.ts";

/**
 * What faults can act on, by name. The daemon's stack and a run's subjects satisfy it. Every lookup that finds
 * nothing throws `FLT_NO_PATH` with the names there are.
 */
export interface Target {
	toxiproxy: ToxiproxyClient;
	/** The environment of everything that is started: it carries the mark by which what outlives us is found. */
	env: Readonly<Record<string, string | undefined>>;
	/** The proxies that carry this path: one, or one for each of Kafka's brokers. */
	proxiesOf(on: string): Promise<string[]>;
	/** Superuser URL, direct, of the Postgres database that this path leads to. */
	postgresOf(on: string): Promise<string>;
	/** URL, direct, of the Redis that this path leads to. */
	redisOf(on: string): Promise<string>;
	/** Addresses, direct, of the brokers that this path leads to. */
	kafkaOf(on: string): Promise<string[]>;
	/**
	 * The root process of a subject or service that this daemon started, or, where that is allowed, of what runs anyhow. Who
	 * asks is about to break it.
	 */
	processOf(on: string): Promise<ProcessIdentity>;
	/** The process is about to be ended: its end is planned, until it is started again. */
	expectEnd(on: string): void;
	/** By what files a subject is reached from within; no service has any. */
	controlsOf(on: string): Promise<Controls>;
	/**
	 * Starts a killed subject or service again, on its port; right when it runs already, or when its run is over. What runs
	 * anyhow is waited for: who looks after it starts it.
	 */
	restart(on: string): Promise<void>;
	/** A round trip through this path, or to this subject or service. One probe a fault, opened before `inject`. */
	probeOf(on: string, faultId: string): Promise<Probe>;
	/** The fault is over, and its probe is closed. */
	closeProbe(faultId: string): Promise<void>;
	/** The run's own name of what its plan calls `name`: a plan is pure, and does not know the run it is for. */
	ownName(of: "topic" | "key" | "slot", name: string): string;
	/** Whether the run made the topic, group, slot or table of this name: `structure` kinds touch no other. */
	owns(name: string): boolean;
}
