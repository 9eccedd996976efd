import { describeTrip } from "../../probe.ts";
import { emptyWrite, type MemoryLimit, memoryFault } from "../../redis/redis-memory.ts";

export type RedisMemoryLimitParams = MemoryLimit;

declare module "../../fault.ts" {
	interface FaultKinds {
		"redis-memory-limit": RedisMemoryLimitParams;
	}
}

/** `maxmemory` below what is used, under `noeviction`: writes that may need memory are refused, the data stays. */
export default memoryFault<RedisMemoryLimitParams>({
	victim: "writes are refused with OOM as soon as the limit is reached; reads work, no key is lost",
	heals: "fully",
	params: { properties: {} },
	policy: () => "noeviction",
	async effect(probe) {
		const [old, fresh] = [await probe.old(1_000, emptyWrite), await probe.fresh(1_000, emptyWrite)];
		const refused = [old, fresh].every(({ error }) => error?.startsWith("OOM"));
		return {
			ok: refused,
			seen: `a write on an old connection: ${describeTrip(old)}; on a new one: ${describeTrip(fresh)}`,
		};
	},
});
