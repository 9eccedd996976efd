import type { Redis } from "ioredis";
import { codeOf } from "../../base/errors.ts";
import type { FaultUndo } from "../fault.ts";
import { describeTrip, Probe } from "../probe.ts";
import type { Target } from "../target.ts";

const connectLimitMs = 2_000;

/** What Redis kinds keep: where the server is, past all proxies. */
export interface RedisUndo extends FaultUndo {
	url: string;
}

export async function planOnRedis(target: Target, on: string, faultId: string): Promise<RedisUndo> {
	return { faultId, on, url: await target.redisOf(on) };
}

/** Loads what Redis kinds need. */
export async function warmRedis(): Promise<void> {
	await import("ioredis");
}

/** One thing done on a connection of its own; rejects with what kept it from connecting. */
export async function onRedis<T>(url: string, action: (redis: Redis) => Promise<T>): Promise<T> {
	const { Redis } = await import("ioredis");
	const redis = new Redis(url, {
		lazyConnect: true,
		connectTimeout: connectLimitMs,
		commandTimeout: connectLimitMs,
		maxRetriesPerRequest: 0,
		retryStrategy: () => null,
	});
	let refused: Error | null = null;
	redis.on("error", (error: Error) => {
		refused ??= error;
	});
	try {
		await redis.connect().catch((error: unknown) => {
			throw refused ?? error;
		});
		return await action(redis);
	} finally {
		redis.disconnect();
	}
}

/** One thing done to heal, as by `onRedis`: where nobody listens any more, the server took its settings with it. */
export async function healRedis(
	url: string,
	action: (redis: Redis) => Promise<unknown>,
): Promise<void> {
	try {
		await onRedis(url, action);
	} catch (error) {
		if (codeOf(error) !== "ECONNREFUSED") throw error;
	}
}

/** Waits until the server answers; one that is gone holds up nobody. */
export async function onceAnswering(url: string, limitMs: number): Promise<void> {
	const probe = await Probe.open({ kind: "redis", url }, limitMs);
	const trip = await probe.fresh(limitMs);
	probe.close();
	if (trip.kind === "answered" || trip.error === "ECONNREFUSED") return;
	throw new Error(`a connection to Redis: ${describeTrip(trip)}`);
}

/** The number of this name in a section of `INFO`. */
export async function infoNumber(redis: Redis, section: string, name: string): Promise<number> {
	const found = new RegExp(`^${name}:(\\d+)`, "m").exec(await redis.info(section));
	if (found === null) throw new Error(`Redis tells no ${name} in INFO ${section}`);
	return Number(found[1]);
}
