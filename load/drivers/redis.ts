import { Redis, ReplyError } from "ioredis";
import { messageOf } from "../../base/errors.ts";
import type { Driver } from "../driver.ts";
import { awaited } from "../issue.ts";
import { TransportError } from "../outcome.ts";
import { redisUrl, wordsOf } from "../redis-target.ts";

declare module "../driver.ts" {
	interface DriverClients {
		redis: RedisClient;
	}
}

/**
 * A fixed number of `ioredis` connections, used in turn. Nothing is sent twice: a command on a connection that is
 * away fails as never sent, and one in flight when it is lost is unknown.
 */
export class RedisClient {
	/** Commands handed to a ready connection. */
	attempts = 0;
	readonly #connections: Redis[];
	#next = 0;

	constructor(url: URL, connections: number) {
		this.#connections = Array.from({ length: connections }, () => {
			const redis = new Redis(url.href, {
				lazyConnect: true,
				maxRetriesPerRequest: 0,
				enableOfflineQueue: false,
				autoResendUnfulfilledCommands: false,
				retryStrategy: (times) => Math.min(times * 20, 500),
				connectTimeout: 10_000,
			});
			// Without a listener it writes every lost connection to the console.
			redis.on("error", () => {});
			return redis;
		});
	}

	/** Makes the connections; where one can't be made, none is left. */
	async open(signal: AbortSignal): Promise<void> {
		const stop = () => this.close();
		signal.addEventListener("abort", stop);
		try {
			signal.throwIfAborted();
			await Promise.all(this.#connections.map((redis) => redis.connect()));
		} catch (error) {
			this.close();
			throw new TransportError("connect_failed", false, error);
		} finally {
			signal.removeEventListener("abort", stop);
		}
	}

	/** One command, by its words. */
	async command(words: readonly string[], signal?: AbortSignal): Promise<unknown> {
		if (signal?.aborted) throw TransportError.aborted(signal, false);
		const redis = this.#connections[this.#next]!;
		this.#next = (this.#next + 1) % this.#connections.length;
		if (redis.status !== "ready") throw new TransportError("not_connected", false);
		this.attempts++;
		const [name, ...args] = words;
		try {
			return await redis.call(name!, ...args);
		} catch (error) {
			if (signal?.aborted) throw TransportError.aborted(signal, true);
			if (error instanceof ReplyError) throw error;
			throw new TransportError("connection_lost", true, error);
		}
	}

	close(): void {
		for (const redis of this.#connections) redis.disconnect();
	}
}

export default {
	speaks: ["redis"],
	async open(at, { connections, signal }) {
		const client = new RedisClient(redisUrl("redis", at), connections);
		await client.open(signal);
		return client;
	},
	async close(client) {
		client.close();
	},
	classify(error) {
		if (!(error instanceof ReplyError)) return null;
		return { kind: "fail", code: messageOf(error).split(" ", 1)[0]! };
	},
	repeat(client, repeat, seed) {
		const { of } = wordsOf(repeat, seed);
		return awaited(async ({ n }) => {
			await client.command(of(n));
			return undefined;
		});
	},
	counters: (client) => ({ attempts: client.attempts }),
} satisfies Driver<RedisClient>;
