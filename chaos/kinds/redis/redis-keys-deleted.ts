import { answersAgain } from "../../answers-again.ts";
import { faultKind } from "../../fault.ts";
import { ownObject } from "../../own-object.ts";
import { keysOf } from "../../redis/redis-keys.ts";
import { onRedis, planOnRedis, type RedisUndo, warmRedis } from "../../redis/redis-undo.ts";

export interface RedisKeysDeletedParams {
	/** What their names begin with, after the run's own prefix. */
	prefix?: string;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"redis-keys-deleted": RedisKeysDeletedParams;
	}
}

interface KeysUndo extends RedisUndo {
	prefix: string;
	/** Some of the keys that are there before. */
	some: string[];
}

const someKeys = 100;

/** All keys of the run's that begin with `prefix` are deleted at once, as by a flush; nobody else's. They stay away. */
export default faultKind<RedisKeysDeletedParams, KeysUndo>({
	victim: "the run's keys are gone from one moment to the next; new ones can be written at once",
	acts: "redis",
	heals: "structure",
	params: {
		type: "object",
		properties: {
			prefix: {
				type: "string",
				maxLength: 200,
				description: "what the keys' names begin with after the run's own prefix; all unless given",
			},
		},
		additionalProperties: false,
	},
	warm: warmRedis,
	async plan(target, on, { prefix = "" }, faultId) {
		const undo = await planOnRedis(target, on, faultId);
		const own = ownObject(target, "key", prefix);
		const some: string[] = [];
		await onRedis(undo.url, async (redis) => {
			for await (const keys of keysOf(redis, own)) {
				some.push(...keys);
				if (some.length >= someKeys) break;
			}
		});
		return { ...undo, prefix: own, some: some.slice(0, someKeys) };
	},
	async inject(_target, { url, prefix }) {
		await onRedis(url, async (redis) => {
			for await (const keys of keysOf(redis, prefix)) await redis.unlink(keys);
		});
	},
	async prove(_target, { url, prefix, some }) {
		if (some.length === 0) return { ok: false, seen: `there was no key ${prefix}*` };
		const left = await onRedis(url, (redis) => redis.exists(some));
		return { ok: left < some.length, seen: `of ${some.length} keys from before ${left} are left` };
	},
	// What is deleted stays so, and nothing else was touched.
	async heal() {},
	gone: (target, undo) => answersAgain(target, undo),
});
