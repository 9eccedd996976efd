import { loadEntry, scanFolder } from "../../base/catalog.ts";
import { FaultlineError } from "../../base/errors.ts";
import { isAlive, killTree } from "../../base/process.ts";
import { isOnDemand, processesOf, type ServiceId, serviceIds } from "../../base/services.ts";
import { ToxiproxyClient } from "../../toxiproxy/client.ts";
import { proxyPrefix } from "../../toxiproxy/proxies.ts";
import type { Home } from "../home/home.ts";
import { missing, type Say, type Survey } from "../tools/component.ts";
import {
	type Bringing,
	bringUp,
	bringUpSlot,
	type Slot,
	standingProxies,
	standsOnOthers,
} from "./bring-up.ts";
import { endLeftovers } from "./leftovers.ts";
import { markedEnv, start, stop } from "./native.ts";
import { OnDemand } from "./on-demand.ts";
import { choosePorts, PortClaims } from "./ports.ts";
import { readRecord, stayingUp, writeRecord } from "./record.ts";
import type { ComponentId, ProcessId, Service, ServiceState } from "./service.ts";
import type { StackSettings } from "./settings.ts";
import { relayFor } from "./socket-relay.ts";
import { ensureProxies } from "./standing.ts";
import { urlOf } from "./urls.ts";

export interface StackOptions {
	log: Say;
	/** Told of fetches: what, why, how big, how long. */
	progress: Say;
	/** Just these services; default those of the settings, and Toxiproxy. */
	only?: readonly ComponentId[];
	/** Ends the bring-up early; what runs by then is in the stack and is closed with it. */
	signal?: AbortSignal;
}

/** Every service is in it, and of Kafka's further brokers those that are asked for. */
export type Status = Record<ComponentId, ServiceState> & { [Id in ProcessId]?: ServiceState };

export interface Stack {
	/** Each process of the stack as it is now: one that has ended is missing. */
	status(): Status;
	/** Starts a native process again on its ports, after a crash, or instead of the one that runs. */
	restart(id: ProcessId): Promise<void>;
	/**
	 * Has those of these that are started on demand up until the answer is called, fetched if need be, and tells what it
	 * does; throws `FLT_COMPONENT_MISSING` where one can't be had.
	 */
	lease(ids: readonly ServiceId[], say: Say, signal: AbortSignal): Promise<() => void>;
	/** What a start of it would find, of one that is off; nothing is fetched. */
	survey(id: ComponentId): Survey;
	/** The native processes that have ended. */
	ended(): ProcessId[];
	/** Starts each of them again; which they were. */
	revive(): Promise<ProcessId[]>;
	/** What runs by now goes on when this is closed, and when any later one is: only `takeDown` ends it. */
	keepUp(): void;
	/** Ends everything that was started or adopted and is not kept up, and whatever else carries this home's mark. */
	close(): Promise<void>;
}

const servicesFolder = new URL("./services/", import.meta.url);

/** All services, by id, in the order of their files. */
export async function loadServices(): Promise<Map<ComponentId, Service>> {
	const ids = [...scanFolder(servicesFolder).keys()] as ComponentId[];
	const load = async (id: ComponentId) =>
		[id, await loadEntry<Service>(servicesFolder, id, "service")] as const;
	return new Map(await Promise.all(ids.map(load)));
}

/**
 * Brings up the services in parallel and returns when each is up or reported missing; one that can't be had keeps no
 * other from starting. Healthy services of an earlier daemon of this home are adopted, its other processes ended.
 * The caller holds the home's lock.
 */
export async function openStack(
	settings: StackSettings,
	home: Home,
	{ log, progress, only, signal }: StackOptions,
): Promise<Stack> {
	const closing = new AbortController();
	const env = markedEnv(home);
	const abort = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
	const claims = new PortClaims();
	const slots = await chooseSlots(settings, home, only, claims);
	const bringing: Bringing = {
		home,
		slots,
		fetched: new Map(),
		cache: { folder: settings.cache, progress, env, signal: abort },
		env,
		log,
		signal: abort,
		proxying: Promise.resolve(),
	};
	await bringUp(bringing);
	const onDemand = new OnDemand({
		isUp: (id) => isUp(bringing, id),
		start: (id, say, signal) => startOnDemand(bringing, id, say, signal),
		stop: (id) => stopOnDemand(bringing, id),
		memoryMbOf: (id) => bringing.slots.get(id)!.service.memoryMb,
		freeMb: () => process.availableMemory() / 1e6,
		idleMs: settings.serviceIdleS * 1_000,
		log,
	});
	const notAsked = serviceIds.filter((id) => isOnDemand(id) && !bringing.slots.get(id)!.wanted);
	for (const id of notAsked) if (isUp(bringing, id)) onDemand.rest(id);
	return {
		lease: (ids, say, signal) =>
			onDemand.lease(
				ids.filter((id) => notAsked.includes(id)),
				say,
				signal,
			),
		survey: (id) => bringing.slots.get(id)!.service.survey(bringing.cache),
		status: () => statusOf(bringing),
		restart: (id) => restart(bringing, id),
		// One that nobody needs is not started again.
		ended: () =>
			endedOf(bringing).filter((id) => {
				const rests = notAsked.some((other) => other === id) && !onDemand.isNeeded(id as ServiceId);
				return !rests;
			}),
		revive: () => revive(bringing),
		keepUp: () => {
			for (const { id, plan, state } of bringing.slots.values())
				if (plan !== null && state.state === "up")
					writeRecord(home, id, { ...readRecord(home, id), staysUp: true });
		},
		close: async () => {
			closing.abort(new Error("the stack is being closed"));
			await onDemand.close();
			try {
				await close(bringing);
			} finally {
				claims.releaseAll();
			}
		},
	};
}

/** All ports are chosen before anything starts: Kafka must know its proxy's, a proxy its service's. */
async function chooseSlots(
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

function statusOf({ slots }: Bringing): Status {
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

async function restart(bringing: Bringing, id: ProcessId): Promise<void> {
	const slot = bringing.slots.get(id);
	if (!slot?.plan || slot.state.state !== "up")
		throw new FaultlineError(
			"FLT_NO_PATH",
			`${id} can't be restarted: it is ${slot?.external ? "external" : "missing"}`,
			"only what this daemon started is restarted",
		);
	if (slot.state.root !== null) await killTree(slot.state.root, { graceMs: 0 });
	// A process killed without its tree leaves children that keep a new one from starting.
	await endLeftovers(bringing.home, rootsOf(bringing), slot.plan.launch.folder);
	const running = await start(slot.plan);
	slot.state = { ...slot.state, ...running };
	if (id === "toxiproxy") await makeProxies(bringing);
}

function isUp({ slots }: Bringing, id: ProcessId): boolean {
	const state = slots.get(id)?.state;
	return state?.state === "up" && (state.root === null || isAlive(state.root));
}

/** Starts it as it is now, whatever became of earlier starts. */
async function startOnDemand(
	bringing: Bringing,
	id: ServiceId,
	progress: Say,
	signal: AbortSignal,
): Promise<void> {
	const { slots, cache } = bringing;
	const slot = slots.get(id)!;
	const either = AbortSignal.any([cache.signal, signal]);
	try {
		await bringUpSlot({ ...bringing, cache: { ...cache, progress, signal: either } }, slot);
	} catch (error) {
		slot.state = { state: "off" };
		throw missing(`${id} could not be started`, "faultline doctor says more", error);
	}
}

async function stopOnDemand(bringing: Bringing, id: ServiceId): Promise<void> {
	const slot = bringing.slots.get(id)!;
	const { plan, state } = slot;
	if (plan === null || state.state !== "up" || state.root === null) return;
	await stop(plan, state.root);
	slot.state = { state: "off" };
	await endLeftovers(bringing.home, rootsOf(bringing), plan.launch.folder);
}

function endedOf({ slots }: Bringing): ProcessId[] {
	return [...slots.values()].flatMap(({ id, state }) =>
		state.state === "up" && state.root !== null && !isAlive(state.root) ? [id] : [],
	);
}

async function revive(bringing: Bringing): Promise<ProcessId[]> {
	const dead = endedOf(bringing).filter((id) => bringing.slots.get(id)?.wanted);
	await Promise.all(dead.map((id) => restart(bringing, id)));
	return dead;
}

async function makeProxies(bringing: Bringing): Promise<void> {
	const client = toxiproxyOf(bringing);
	if (client !== null) await ensureProxies(client, standingProxies(bringing));
}

function toxiproxyOf({ slots }: Bringing): ToxiproxyClient | null {
	const state = slots.get("toxiproxy")?.state;
	return state?.state === "up" ? new ToxiproxyClient(urlOf(state.endpoint)) : null;
}

function rootsOf({ slots }: Bringing) {
	return [...slots.values()].flatMap(({ state }) =>
		state.state === "up" && state.root !== null ? [state.root] : [],
	);
}

async function close(bringing: Bringing): Promise<void> {
	const { slots, home, log } = bringing;
	if (slots.get("toxiproxy")?.external) await withdrawProxies(bringing);
	for (const { front } of slots.values()) front?.close();
	const stopNow = async ({ id, plan, state }: Slot) => {
		if (plan === null || state.state !== "up" || state.root === null) return;
		if (!readRecord(home, id).staysUp) await stop(plan, state.root);
	};
	const all = [...slots.values()];
	// One that stands on others would wait for them in vain.
	const first = await Promise.allSettled(all.filter(standsOnOthers).map(stopNow));
	const others = all.filter((slot) => !standsOnOthers(slot)).map(stopNow);
	const results = [...first, ...(await Promise.allSettled(others))];
	await Promise.all([...slots.values()].map(({ relay }) => relay?.close()));
	const left = await endLeftovers(home, stayingUp(home));
	if (left > 0) log(`ended ${left} processes that the services had left behind`);
	const failure = results.find((result) => result.status === "rejected");
	if (failure) throw failure.reason;
}

/** Takes our proxies from a Toxiproxy that goes on without us. */
async function withdrawProxies(bringing: Bringing): Promise<void> {
	const client = toxiproxyOf(bringing);
	if (client === null) return;
	const prefix = proxyPrefix(bringing.home.id);
	for (const { name } of await client.listProxies())
		if (name.startsWith(prefix)) await client.deleteProxy(name);
}
