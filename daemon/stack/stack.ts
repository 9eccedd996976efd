import { FaultlineError } from "../../base/errors.ts";
import { killTree } from "../../base/process.ts";
import { isOnDemand, type ServiceId, serviceIds } from "../../base/services.ts";
import type { Home } from "../home/home.ts";
import { missing, type Say, type Survey } from "../tools/component.ts";
import { bringUp, bringUpSlot } from "./bring-up.ts";
import { endLeftovers } from "./leftovers.ts";
import { markedEnv, start, stop } from "./native.ts";
import { OnDemand } from "./on-demand.ts";
import { PortClaims } from "./ports.ts";
import { makeProxies, withdrawProxies } from "./proxying.ts";
import { readRecord, stayingUp, writeRecord } from "./record.ts";
import type { ComponentId, ProcessId } from "./service.ts";
import type { StackSettings } from "./settings.ts";
import {
	type Bringing,
	chooseSlots,
	endedOf,
	isUp,
	rootsOf,
	type Slot,
	type Status,
	standsOnOthers,
	statusOf,
} from "./slots.ts";

export interface StackOptions {
	log: Say;
	/** Told of fetches: what, why, how big, how long. */
	progress: Say;
	/** Just these services; default those of the settings, and Toxiproxy. */
	only?: readonly ComponentId[];
	/** Ends the bring-up early; what runs by then is in the stack and is closed with it. */
	signal?: AbortSignal;
}

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
		starting: new Map(),
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
	// One that `stack up` was to keep stays, whoever needs it.
	const comesAndGoes = new Set<ProcessId>(
		serviceIds.filter(
			(id) => isOnDemand(id) && !slots.get(id)!.wanted && !readRecord(home, id).staysUp,
		),
	);
	for (const id of serviceIds) if (comesAndGoes.has(id) && isUp(bringing, id)) onDemand.rest(id);
	return {
		lease: (ids, say, signal) =>
			onDemand.lease(
				ids.filter((id) => comesAndGoes.has(id)),
				say,
				signal,
			),
		survey: (id) => bringing.slots.get(id)!.service.survey(bringing.cache),
		status: () => statusOf(bringing),
		restart: (id) => restart(bringing, id),
		// One that nobody needs is not started again.
		ended: () => endedOf(bringing).filter((id) => !comesAndGoes.has(id) || onDemand.isNeeded(id)),
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

function restart(bringing: Bringing, id: ProcessId): Promise<void> {
	return inOneGo(bringing, id, () => startAgain(bringing, id));
}

/** Starts it, or waits for the start that is under way: of two the second would end, as a leftover, what the first started. */
function inOneGo({ starting }: Bringing, id: ProcessId, start: () => Promise<void>): Promise<void> {
	const underWay = starting.get(id) ?? start().finally(() => starting.delete(id));
	starting.set(id, underWay);
	return underWay;
}

async function startAgain(bringing: Bringing, id: ProcessId): Promise<void> {
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
		await inOneGo(bringing, id, () =>
			bringUpSlot({ ...bringing, cache: { ...cache, progress, signal: either } }, slot),
		);
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

async function revive(bringing: Bringing): Promise<ProcessId[]> {
	const dead = endedOf(bringing).filter((id) => bringing.slots.get(id)?.wanted);
	await Promise.all(dead.map((id) => restart(bringing, id)));
	return dead;
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
