import { FaultlineError } from "../../../base/errors.ts";
import { describeTrip } from "../../probe.ts";
import { keysOf } from "../../redis/redis-keys.ts";
import { type MemoryLimit, memoryFault } from "../../redis/redis-memory.ts";
import { infoNumber, onRedis } from "../../redis/redis-undo.ts";
import type { Target } from "../../target.ts";

const policies = [
	"allkeys-lru",
	"allkeys-lfu",
	"allkeys-random",
	"volatile-lru",
	"volatile-lfu",
	"volatile-random",
	"volatile-ttl",
] as const;

export type RedisEvictionParams = MemoryLimit & { policy?: (typeof policies)[number] };

declare module "../../fault.ts" {
	interface FaultKinds {
		"redis-eviction": RedisEvictionParams;
	}
}

/** `maxmemory` below what is used, under an evicting policy: keys vanish until the rest fits. They do not come back. */
export default memoryFault<RedisEvictionParams>({
	victim:
		"keys vanish without notice, old and fresh ones, for as long as the server is over the limit",
	heals: "structure",
	params: {
		properties: {
			policy: { enum: [...policies], description: "which keys go; allkeys-lru unless given" },
		},
	},
	policy: ({ policy = "allkeys-lru" }) => policy,
	allowed: onlyOwnKeys,
	async effect(probe, { url, evictedKeys }) {
		const old = await probe.old(1_000);
		const now = await onRedis(url, (redis) => infoNumber(redis, "stats", "evicted_keys"));
		return {
			ok: now > evictedKeys,
			seen: `${now - evictedKeys} keys evicted; an old connection: ${describeTrip(old)}`,
		};
	},
});

/** A server does not ask whose key it evicts, so there must be none but the run's. */
async function onlyOwnKeys(target: Target, url: string): Promise<void> {
	await onRedis(url, async (redis) => {
		for await (const keys of keysOf(redis, "")) {
			const strange = keys.find((key) => !target.owns(key));
			if (strange === undefined) continue;
			throw new FaultlineError(
				"FLT_NO_PATH",
				`redis-eviction would take keys that the run did not make, such as "${strange}"`,
				"let it act on a Redis that holds nothing but this run's keys",
			);
		}
	});
}
