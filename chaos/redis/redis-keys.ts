import type { Redis } from "ioredis";

const pageSize = 1_000;

/** The keys that begin with `prefix`, page by page; each that is there all the while comes at least once. */
export async function* keysOf(redis: Redis, prefix: string): AsyncGenerator<string[]> {
	const pattern = `${prefix.replaceAll(/[*?[\]\\^]/g, "\\$&")}*`;
	let cursor = "0";
	do {
		const [next, keys] = await redis.scan(cursor, "MATCH", pattern, "COUNT", pageSize);
		if (keys.length > 0) yield keys;
		cursor = next;
	} while (cursor !== "0");
}
