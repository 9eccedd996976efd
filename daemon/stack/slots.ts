import type { Endpoint } from "../../base/endpoint.ts";
import { isAlive } from "../../base/process.ts";
import { isOnDemand, processesOf } from "../../base/services.ts";
import type { Home } from "../home/home.ts";
import type { Cache } from "../tools/cache.ts";
import type { Component, Say } from "../tools/component.ts";
import { loadServices } from "./load-services.ts";
import type { NativePlan } from "./native.ts";
import { choosePorts, type PortClaims } from "./ports.ts";
import { readRecord } from "./record.ts";
import type { ComponentId, Front, ProcessId, Service, ServiceState } from "./service.ts";
import type { StackSettings } from "./settings.ts";
import { type Relay, relayFor } from "./socket-relay.ts";

/** One process while its stack is open. */
export interface Slot {
	id: ProcessId;
	service: Service;
	/** All processes of its service, in their order: most services have one. */
	cluster: readonly ProcessId[];
	wanted: boolean;
	/** The endpoint by settings; then nothing is started. */
	external: Endpoint | null;
	/** Where its standing proxy leads to, for one behind a socket of the file system. */
	relay: Relay | null;
	ports: Record<string, number>;
	/** A process of an earlier daemon lives. */
	held: boolean;
	/** How it is started; null for an external service and for one that can't be had. */
	plan: NativePlan | null;
	/** What stands before an external service; null where nothing does. */
	front: Front | null;
	state: ServiceState;
}

export interface Bringing {
	home: Home;
	slots: Map<ProcessId, Slot>;
	cache: Cache;
	/** What was fetched for each service, or is being fetched: its processes share it. */
	fetched: Map<Service, Promise<Component>>;
	env: Readonly<Record<string, string | undefined>>;
	log: Say;
	signal: AbortSignal;
	/** The processes that are being started: who asks for one of them meanwhile gets the same. */
	starting: Map<ProcessId, Promise<void>>;
	/** The proxies that are being made: one after another, for two would make the same. */
	proxying: Promise<void>;
}

/** All ports are chosen before anything starts: Kafka must know its proxy's, a proxy its service's. */
export async function chooseSlots(
	settings: StackSettings,
	home: Home,
	only: readonly ComponentId[] | undefined,
	claims: PortClaims,
): Promise<Map<ProcessId, Slot>> {
	const slots = new Map<ProcessId, Slot>();
	const services = await loadServices();
	const asked = new Set<string>(only ?? [...settings.services, "toxiproxy"]);
	for (const [id, { after = [] }] of services)
		if (asked.has(id)) for (const other of after) asked.add(other);
	for (const [serviceId, service] of services) {
		const wanted = asked.has(serviceId);
		const external = service.external(settings);
		const count = external === null ? (service.processes?.(settings) ?? 1) : 1;
		const relay = wanted && external?.kind === "postgres" ? await relayFor(external.url) : null;
		const cluster = processesOf(serviceId).slice(0, count);
		for (const id of cluster) {
			const record = readRecord(home, id);
			const held = record.process !== null && isAlive(record.process);
			const ports = await choosePorts(service.ports, record.ports, held, claims);
			const state: ServiceState = isOnDemand(serviceId)
				? { state: "off" }
				: {
						state: "missing",
						tried: "nothing: it is not among the services asked for",
						fix: "start with it in --services (FAULTLINE_SERVICES)",
					};
			slots.set(id, {
				id,
				service,
				cluster,
				wanted,
				external,
				relay,
				held,
				ports,
				state,
				plan: null,
				front: null,
			});
		}
	}
	return slots;
}

export function slotsOf({ slots }: Bringing, { cluster }: Slot): Slot[] {
	return cluster.map((id) => slots.get(id)!);
}

/** The first process of a service stands for all of them: its endpoint has the address of each. */
export function standsFor(bringing: Bringing, slot: Slot): Slot[] {
	return slot.id === slot.cluster[0] ? slotsOf(bringing, slot) : [slot];
}

/** Whether it connects to other services itself: it starts after them, and ends before. */
export function standsOnOthers({ service }: Slot): boolean {
	return (service.after ?? []).length > 0;
}

/** Every service is in it, and of Kafka's further brokers those that are asked for. */
export type Status = Record<ComponentId, ServiceState> & { [Id in ProcessId]?: ServiceState };

export function statusOf({ slots }: Bringing): Status {
	const toxiproxyUp = slots.get("toxiproxy")?.state.state === "up";
	const now = ({ id, wanted, state }: Slot): ServiceState => {
		if (state.state !== "up") return state;
		if (state.root !== null && !isAlive(state.root) && isOnDemand(id) && !wanted)
			return { state: "off" };
		if (state.root !== null && !isAlive(state.root))
			return {
				state: "missing",
				tried: `its process ${state.root.pid} has ended`,
				fix: `faultline stack up starts it again`,
			};
		return toxiproxyUp || id === "toxiproxy" ? state : { ...state, proxied: null };
	};
	const entries = [...slots.values()].map((slot) => [slot.id, now(slot)]);
	return Object.fromEntries(entries) as Status;
}

export function isUp({ slots }: Bringing, id: ProcessId): boolean {
	const state = slots.get(id)?.state;
	return state?.state === "up" && (state.root === null || isAlive(state.root));
}

export function endedOf({ slots }: Bringing): ProcessId[] {
	return [...slots.values()].flatMap(({ id, state }) =>
		state.state === "up" && state.root !== null && !isAlive(state.root) ? [id] : [],
	);
}

export function rootsOf({ slots }: Bringing) {
	return [...slots.values()].flatMap(({ state }) =>
		state.state === "up" && state.root !== null ? [state.root] : [],
	);
}
