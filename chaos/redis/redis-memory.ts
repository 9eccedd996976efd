import type { Redis } from "ioredis";
import type { JsonObject } from "../../base/json.ts";
import { type Fault, faultKind, type Proof } from "../fault.ts";
import { describeTrip, type Probe } from "../probe.ts";
import type { Target } from "../target.ts";
import {
	healRedis,
	infoNumber,
	onRedis,
	planOnRedis,
	type RedisUndo,
	warmRedis,
} from "./redis-undo.ts";

/** The limit: so many bytes, or a share of what the server uses when the fault is planned. */
export type MemoryLimit =
	| { limitBytes: number; limitPct?: never }
	| { limitPct: number; limitBytes?: never };

export interface MemoryUndo extends RedisUndo {
	limit: Settings;
	/** As they were before. */
	old: Settings;
	/** Keys that the server had evicted by then, in all its life. */
	evictedKeys: number;
}

interface Settings extends JsonObject {
	maxmemory: string;
	policy: string;
}

export interface MemoryFault<P> {
	victim: string;
	heals: Fault["heals"];
	/** Schema of its own parameters; those of the limit are added here. */
	params: JsonObject;
	policy(params: P): string;
	/** Throws where it must not act on this server. */
	allowed?(target: Target, url: string): Promise<void>;
	effect(probe: Probe, undo: MemoryUndo): Promise<Proof>;
}

/** A write that changes nothing, and that a server without memory refuses as any other: no such key, no bytes. */
export const emptyWrite = { statement: 'SETRANGE faultline-probe 0 ""' };

/** A limit on the server's memory, with what happens at it: what both memory kinds share. */
export function memoryFault<P extends MemoryLimit>(kind: MemoryFault<P>): Fault<P> {
	return faultKind<P, MemoryUndo>({
		victim: kind.victim,
		acts: "redis",
		heals: kind.heals,
		holds: "maxmemory of Redis",
		params: {
			type: "object",
			properties: {
				limitBytes: { type: "integer", minimum: 1, maximum: 2 ** 40, description: "bytes" },
				limitPct: {
					type: "integer",
					minimum: 1,
					maximum: 1_000,
					examples: [100],
					description: "% of the memory used when the fault is planned",
				},
				...(kind.params.properties as JsonObject),
			},
			oneOf: [{ required: ["limitBytes"] }, { required: ["limitPct"] }],
			additionalProperties: false,
		},
		warm: warmRedis,
		async plan(target, on, params, faultId) {
			const undo = await planOnRedis(target, on, faultId);
			await kind.allowed?.(target, undo.url);
			return onRedis(undo.url, async (redis) => {
				const usedBytes = await infoNumber(redis, "memory", "used_memory");
				const { limitBytes = Math.ceil((usedBytes * (params.limitPct ?? 100)) / 100) } = params;
				return {
					...undo,
					limit: { maxmemory: `${limitBytes}`, policy: kind.policy(params) },
					old: await settingsOf(redis),
					evictedKeys: await infoNumber(redis, "stats", "evicted_keys"),
				};
			});
		},
		async inject(_target, { url, limit }) {
			await onRedis(url, async (redis) => {
				await redis.config("SET", "maxmemory-policy", limit.policy);
				await redis.config("SET", "maxmemory", limit.maxmemory);
			});
		},
		async prove(target, undo) {
			const { on, faultId } = undo;
			return kind.effect(await target.probeOf(on, faultId), undo);
		},
		async heal(_target, { url, old }) {
			await healRedis(url, async (redis) => {
				await redis.config("SET", "maxmemory", old.maxmemory);
				await redis.config("SET", "maxmemory-policy", old.policy);
			});
		},
		async gone(target, { on, faultId, url, old }) {
			const now = await onRedis(url, settingsOf);
			const fresh = await (await target.probeOf(on, faultId)).fresh(2_000, emptyWrite);
			const same = now.maxmemory === old.maxmemory && now.policy === old.policy;
			return {
				ok: same && fresh.kind === "answered",
				seen: `maxmemory ${now.maxmemory} ${now.policy}; a write on a new connection: ${describeTrip(fresh)}`,
			};
		},
	});
}

async function settingsOf(redis: Redis): Promise<Settings> {
	const [, maxmemory] = (await redis.config("GET", "maxmemory")) as string[];
	const [, policy] = (await redis.config("GET", "maxmemory-policy")) as string[];
	return { maxmemory: maxmemory!, policy: policy! };
}
