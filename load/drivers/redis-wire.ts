import type { Driver } from "../driver.ts";
import type { IssuedOperation, Pending } from "../operation.ts";
import { ofCommand, redisAddress, refuseCluster, wordsOf } from "../redis-target.ts";
import { RedisWireClient } from "../wire/redis-client.ts";
import type { Command, RedisConnection } from "../wire/redis-connection.ts";
import { encodeCommand, RedisReplyError } from "../wire/resp.ts";

declare module "../driver.ts" {
	interface DriverClients {
		"redis-wire": RedisWireClient;
	}
}

/** Redis for measuring: commands are pipelined, and a reply is read no further than to its end. */
export default {
	speaks: ["redis"],
	async open(at, { connections, signal }) {
		const address = redisAddress("redis-wire", at);
		const tls = at.kind === "redis" ? at.tls : undefined;
		const client = new RedisWireClient(address, connections, tls);
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
	classify: (error) =>
		error instanceof RedisReplyError ? { kind: "fail", code: error.code } : null,
	repeat(client, repeat, seed) {
		const { constant, of } = wordsOf(repeat, seed);
		const always = constant === null ? null : encodeCommand(constant);
		return (operation) => {
			const words = constant ?? of(operation.n);
			client.start(new Repeated(client, operation, words, always ?? encodeCommand(words)));
		};
	},
	counters: (client) => ({ attempts: client.attempts }),
} satisfies Driver<RedisWireClient>;

class Repeated implements Command, Pending {
	readonly text: string;
	readonly keep = false;
	connection: RedisConnection | null = null;
	readonly #client: RedisWireClient;
	readonly #operation: IssuedOperation;
	readonly #words: readonly string[];

	constructor(
		client: RedisWireClient,
		operation: IssuedOperation,
		words: readonly string[],
		text: string,
	) {
		this.#client = client;
		this.#words = words;
		this.#operation = operation;
		this.text = text;
		operation.pending = this;
	}

	answered(): void {
		this.#operation.succeed();
	}

	refused(error: RedisReplyError): void {
		this.#operation.fail(ofCommand(error, this.#words));
	}

	failed(error: Error): void {
		this.#operation.fail(error);
	}

	giveUp(): void {
		this.#client.cancel(this);
	}
}
