import { Redis, ReplyError } from "ioredis";
import type { TlsFiles } from "../../base/endpoint.ts";
import { messageOf } from "../../base/errors.ts";
import { cantConnect } from "../connect-error.ts";
import type { Driver } from "../driver.ts";
import { awaited } from "../issue.ts";
import { TransportError } from "../outcome.ts";
import { ofCommand, redisAddress, refuseCluster, wordsOf } from "../redis-target.ts";
import type { RedisAddress } from "../redis-url.ts";
import { secureContextOf } from "../tls-files.ts";

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
	readonly #to: RedisAddress;
	readonly #connections: Redis[];
	#next = 0;
	#lastError: unknown = null;

	constructor(to: RedisAddress, connections: number, tls?: TlsFiles) {
		const { at, isSecure, user, password, database } = to;
		this.#to = to;
		const context = isSecure ? secureContextOf(tls) : undefined;
		this.#connections = Array.from({ length: connections }, () => {
			const redis = new Redis({
				...("socket" in at ? { path: at.socket } : at),
				...(user === "" ? {} : { username: user }),
				...(password === null ? {} : { password }),
				...(isSecure ? { tls: { secureContext: context } } : {}),
				db: database,
				lazyConnect: true,
				maxRetriesPerRequest: 0,
				enableOfflineQueue: false,
				autoResendUnfulfilledCommands: false,
				retryStrategy: (times) => Math.min(times * 20, 500),
				connectTimeout: 10_000,
			});
			// Without a listener it writes every lost connection to the console.
			redis.on("error", (error) => {
				this.#lastError = error;
			});
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
			await this.#greet();
		} catch (error) {
			this.close();
			const { shown, isSecure } = this.#to;
			const count = this.#connections.length;
			// The library's own error says only that the connection is closed.
			throw cantConnect(shown, { count, secure: isSecure }, this.#lastError ?? error);
		} finally {
			signal.removeEventListener("abort", stop);
		}
	}

	/** The library goes on without what the server refused: as another user, and in database 0. */
	async #greet(): Promise<void> {
		const { user, password, database } = this.#to;
		const redis = this.#connections[0]!;
		if (password !== null) await redis.call("AUTH", ...(user === "" ? [] : [user]), password);
		if (database > 0) await redis.call("SELECT", String(database));
	}

	/** One command, by its words. */
	async command(words: readonly string[], signal?: AbortSignal): Promise<unknown> {
		if (signal?.aborted) throw TransportError.aborted(signal, false);
		const redis = this.#connections[this.#next]!;
		this.#next = (this.#next + 1) % this.#connections.length;
		if (redis.status !== "ready")
			throw new TransportError("not_connected", false, this.#lastError ?? undefined);
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
		const address = redisAddress("redis", at);
		const tls = at.kind === "redis" ? at.tls : undefined;
		const client = new RedisClient(address, connections, tls);
		await client.open(signal);
		try {
			await refuseCluster(address, (words, limit) => client.command(words, limit), signal);
		} catch (error) {
			client.close();
			throw error;
		}
		// What is counted is the load's own.
		client.attempts = 0;
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
			const words = of(n);
			try {
				await client.command(words);
			} catch (error) {
				throw error instanceof ReplyError ? ofCommand(error as Error, words) : error;
			}
			return undefined;
		});
	},
	counters: (client) => ({ attempts: client.attempts }),
} satisfies Driver<RedisClient>;
