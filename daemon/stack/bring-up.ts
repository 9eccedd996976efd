import type { Endpoint } from "../../base/endpoint.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { hostPortOf } from "../../base/host-port.ts";
import { findByVariable, isAlive, killTree } from "../../base/process.ts";
import { redactUrl } from "../../base/redact.ts";
import { isOnDemand, processesOf, type ServiceId } from "../../base/services.ts";
import { untilHealed } from "../../chaos/process/companions.ts";
import type { Component, Say } from "../tools/component.ts";
import { endLeftovers } from "./leftovers.ts";
import { adopt, type NativePlan, type Running, start } from "./native.ts";
import { openProxies, proxiedOf, proxyAddressOf } from "./proxying.ts";
import { readRecord, stayingUp } from "./record.ts";
import type { Place, Service, ServiceState } from "./service.ts";
import { type Bringing, type Slot, slotsOf, standsFor, standsOnOthers } from "./slots.ts";
import { urlOf } from "./urls.ts";

const externalLimitMs = 5_000;

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

function tell(log: Say, { id, state }: Slot): void {
	if (state.state === "missing") log(`${id} is missing: ${state.tried}. ${state.fix}`);
	if (state.state === "up")
		log(`${id} ${state.version} is up (${state.how}) at ${redactUrl(urlOf(state.endpoint))}`);
}
