import type { Endpoint } from "../../base/endpoint.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { hostPortOf, hostPortOfUrl, hostPortText } from "../../base/host-port.ts";
import { isLoopback } from "../../base/loopback.ts";
import { findByVariable, isAlive, killTree } from "../../base/process.ts";
import { redactUrl } from "../../base/redact.ts";
import { isOnDemand, processesOf, type ServiceId } from "../../base/services.ts";
import { untilHealed } from "../../chaos/process/companions.ts";
import { type ProxyPlan, ToxiproxyClient } from "../../toxiproxy/client.ts";
import { proxyPrefix } from "../../toxiproxy/proxies.ts";
import type { Home } from "../home/home.ts";
import type { Cache } from "../tools/cache.ts";
import type { Component, Say } from "../tools/component.ts";
import { endLeftovers } from "./leftovers.ts";
import { adopt, type NativePlan, type Running, start } from "./native.ts";
import { readRecord, stayingUp } from "./record.ts";
import type { Front, Place, ProcessId, Service, ServiceState } from "./service.ts";
import type { Relay } from "./socket-relay.ts";
import { ensureProxies } from "./standing.ts";
import { through, urlOf } from "./urls.ts";

const externalLimitMs = 5_000;

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
	/** The proxies that are being made: one after another, for two would make the same. */
	proxying: Promise<void>;
}

/** Brings every wanted slot into its state; never throws for a service that can't be had. */
export async function bringUp(bringing: Bringing): Promise<void> {
	const all = [...bringing.slots.values()].filter((slot) => slot.wanted || rests(bringing, slot));
	// Those that stand on others come after them; until then their processes are left alone.
	const [slots, later] = [all.filter((slot) => !standsOnOthers(slot)), all.filter(standsOnOthers)];
	const prepared = new Map(slots.map((slot) => [slot, adoption(bringing, slot)]));
	// Fetching may take long and is waited for by nobody else; but nothing new starts before the remains of an earlier
	// daemon are gone, and those can be told only when it is known what is adopted.
	const held = slots.filter((slot) => slot.held);
	const cleaned = Promise.all(held.map((slot) => prepared.get(slot))).then(async (adopted) => {
		const kept = await findByVariable(untilHealed, bringing.home.id);
		const left = await endLeftovers(bringing.home, [
			...adopted.flatMap((running) => (running ? [running.root] : [])),
			...stayingUp(bringing.home),
			...later.flatMap(({ id }) => readRecord(bringing.home, id).process ?? []),
			...kept,
		]);
		if (left > 0) bringing.log(`ended ${left} processes that an earlier daemon had left behind`);
	});
	cleaned.catch(() => {}); // whoever waits for it tells; until then nobody may
	await Promise.all(
		slots.map(async (slot) => {
			try {
				const adopted = await prepared.get(slot);
				await cleaned;
				await settle(bringing, slot, adopted ?? null);
				const toxiproxy = bringing.slots.get("toxiproxy");
				if (slot === toxiproxy || slot.front !== null)
					await openProxies(bringing, toxiproxy?.state);
			} catch (error) {
				slot.state = missingState(error);
				tell(bringing.log, slot);
			}
		}),
	);
	await Promise.all(
		later.map(async (slot) => {
			try {
				await settle(bringing, slot, await adoption(bringing, slot));
			} catch (error) {
				slot.state = missingState(error);
				tell(bringing.log, slot);
			}
		}),
	);
}

/** Whether it connects to other services itself: it starts after them, and ends before. */
export function standsOnOthers({ service }: Slot): boolean {
	return (service.after ?? []).length > 0;
}

/** Starts the service, where nothing was taken over; one that only rests, and can't be taken over, is off. */
async function settle(bringing: Bringing, slot: Slot, adopted: Running | null): Promise<void> {
	if (!slot.wanted && adopted === null) {
		slot.state = { state: "off" };
		return;
	}
	slot.state = await stateOf(bringing, slot, adopted);
	tell(bringing.log, slot);
}

/**
 * Whether it is one that is started on demand, that an earlier daemon left running: it is taken over, for a run that it
 * left may have made something in it, but not started.
 */
function rests({ cache }: Bringing, { id, held, wanted, service, external }: Slot): boolean {
	if (wanted || !held || !isOnDemand(id) || external !== null) return false;
	return service.survey(cache).state === "found";
}

/** Starts one service by itself, or takes over its process; throws where it can't be had. */
export async function bringUpSlot(bringing: Bringing, slot: Slot): Promise<void> {
	slot.plan = await planOf(bringing, slot);
	slot.state = await stateOf(bringing, slot, await adopt(slot.plan));
	tell(bringing.log, slot);
}

/** Prepares a native service, and takes over its process where that is healthy; else ends that process. */
async function adoption(bringing: Bringing, slot: Slot): Promise<Running | null> {
	if (slot.external !== null) return null;
	let running: Running | null = null;
	try {
		slot.plan = await planOf(bringing, slot);
		running = await adopt(slot.plan);
	} catch (error) {
		slot.state = missingState(error);
	}
	const { process } = readRecord(bringing.home, slot.id);
	if (running === null && process !== null && isAlive(process))
		await killTree(process, slot.service.stop);
	return running;
}

async function planOf(bringing: Bringing, slot: Slot): Promise<NativePlan> {
	const { id, service, ports } = slot;
	const { home, env, log, signal } = bringing;
	const component = await fetched(bringing, service);
	const cluster = slotsOf(bringing, slot).map((each) => placeOf(bringing, each));
	const reach = (other: ServiceId) => {
		const state = bringing.slots.get(other)?.state;
		return state?.state === "up"
			? { endpoint: state.endpoint, isOurs: state.how !== "external" }
			: null;
	};
	const place = placeOf(bringing, slot);
	const context = { ...place, home, component, cluster, reach, env, log, signal };
	const launch = await service.prepare(context);
	const endpoint = service.endpointAt(`127.0.0.1:${ports.direct}`, home);
	return { id, service, home, launch, ports, endpoint, version: component.version, env, signal };
}

function fetched({ fetched, cache }: Bringing, service: Service): Promise<Component> {
	const known = fetched.get(service) ?? service.fetch(cache);
	fetched.set(service, known);
	known.catch(() => fetched.delete(service)); // whoever asks later tries again
	return known;
}

async function stateOf(
	bringing: Bringing,
	slot: Slot,
	adopted: Running | null,
): Promise<ServiceState> {
	if (slot.external !== null) return externalState(bringing, slot, slot.external);
	if (slot.plan === null) return slot.state;
	bringing.signal.throwIfAborted();
	const running = adopted ?? (await start(slot.plan));
	const addresses = standsFor(bringing, slot).map(({ ports }) => `127.0.0.1:${ports.direct}`);
	const endpoint = slot.service.endpointAt(addresses.join(), bringing.home);
	return { state: "up", ...running, endpoint, proxied: proxiedOf(bringing, slot, endpoint) };
}

async function externalState(
	bringing: Bringing,
	slot: Slot,
	endpoint: Endpoint,
): Promise<ServiceState> {
	try {
		const version = (await slot.service.probe(endpoint, externalLimitMs, "external")) ?? "unknown";
		const ids = processesOf(slot.id);
		const proxies = ids.map((id) => proxyAddressOf(bringing, id)).filter((at) => at !== null);
		const { service } = slot;
		slot.front =
			(await service.front?.(
				endpoint,
				proxies.map((at) => hostPortOf(at)),
				bringing.log,
			)) ?? null;
		const direct = slot.front?.direct ?? endpoint;
		const proxied = proxiedOf(bringing, slot, direct);
		return { state: "up", how: "external", endpoint: direct, proxied, version, root: null };
	} catch (error) {
		if (error instanceof FaultlineError) return missingState(error);
		const tried = `${redactUrl(urlOf(endpoint))}: ${redactUrl(messageOf(error))}`;
		return { state: "missing", tried, fix: "start it, mend its setting, or leave the setting out" };
	}
}

function missingState(error: unknown): ServiceState {
	const fix = error instanceof FaultlineError ? error.hint : "see the log";
	return { state: "missing", tried: messageOf(error), fix };
}

function placeOf(bringing: Bringing, { id, ports }: Slot): Place {
	return { id, ports, proxyAddress: proxyAddressOf(bringing, id) ?? "" };
}

function slotsOf({ slots }: Bringing, { cluster }: Slot): Slot[] {
	return cluster.map((id) => slots.get(id)!);
}

/** The first process of a service stands for all of them: its endpoint has the address of each. */
function standsFor(bringing: Bringing, slot: Slot): Slot[] {
	return slot.id === slot.cluster[0] ? slotsOf(bringing, slot) : [slot];
}

/** Where a service's standing proxy takes connections, or null for one without proxy. */
function proxyAddressOf({ slots }: Bringing, id: ProcessId): string | null {
	const toxiproxy = slots.get("toxiproxy");
	const port = toxiproxy?.ports[id];
	if (port === undefined) return null;
	const external = toxiproxy?.external;
	const host = external ? hostPortOfUrl(new URL(urlOf(external)), 8474).host : "127.0.0.1";
	return hostPortText({ host: isLoopback(host) ? "127.0.0.1" : host, port });
}

function proxiedOf(bringing: Bringing, slot: Slot, direct: Endpoint): Endpoint | null {
	const led = upstreamsOf(bringing, slot);
	if (led.length === 0) return null;
	const addresses = led.map(({ id }) => proxyAddressOf(bringing, id));
	return addresses.includes(null) ? null : through(direct, addresses.join());
}

/** Where the standing proxy of this service leads to, or null. */
function upstreamOf({ service, external, relay, ports }: Slot): string | null {
	if (relay !== null) return relay.address;
	if (external !== null) return service.upstreamOf(external);
	return service.proxiedPort && `127.0.0.1:${ports[service.proxiedPort]}`;
}

/** The standing proxies of this home, for the services that are wanted. */
export function standingProxies(bringing: Bringing): ProxyPlan[] {
	const wanted = [...bringing.slots.values()].filter((slot) => slot.wanted);
	return wanted
		.flatMap((slot) => ledBy(slot))
		.flatMap(({ id, upstream }) => {
			const address = proxyAddressOf(bringing, id);
			if (address === null) return [];
			return [{ name: proxyPrefix(bringing.home.id) + id, listen: listenAt(address), upstream }];
		});
}

interface Led {
	id: ProcessId;
	/** host:port that its standing proxy leads to. */
	upstream: string;
}

/** What this slot's own proxies lead to: of an external service each of its processes has one. */
function ledBy(slot: Slot): Led[] {
	if (slot.front !== null) {
		const ids = processesOf(slot.id);
		return slot.front.upstreams.map((upstream, i) => ({ id: ids[i]!, upstream }));
	}
	const upstream = upstreamOf(slot);
	return upstream === null ? [] : [{ id: slot.id, upstream }];
}

function upstreamsOf(bringing: Bringing, slot: Slot): Led[] {
	return standsFor(bringing, slot).flatMap(ledBy);
}

/** A Toxiproxy on another machine must take connections from this one. */
function listenAt(address: string): string {
	const { host, port } = hostPortOf(address);
	if (host === "127.0.0.1") return address;
	return hostPortText({ host: host.includes(":") ? "::" : "0.0.0.0", port });
}

async function openProxies(bringing: Bringing, state: ServiceState | undefined): Promise<void> {
	if (state?.state !== "up") return;
	const client = new ToxiproxyClient(urlOf(state.endpoint));
	const before = bringing.proxying.catch(() => {}); // told to whoever asked for them
	bringing.proxying = before.then(() => ensureProxies(client, standingProxies(bringing)));
	await bringing.proxying;
}

function tell(log: Say, { id, state }: Slot): void {
	if (state.state === "missing") log(`${id} is missing: ${state.tried}. ${state.fix}`);
	if (state.state === "up")
		log(`${id} ${state.version} is up (${state.how}) at ${redactUrl(urlOf(state.endpoint))}`);
}
