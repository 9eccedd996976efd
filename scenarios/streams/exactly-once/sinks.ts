import { kafkaAtLeastOnce } from "./sinks/kafka-at-least-once.ts";
import { kafkaTransaction } from "./sinks/kafka-transaction.ts";
import { postgresAtLeastOnce } from "./sinks/postgres-at-least-once.ts";
import { postgresTransaction } from "./sinks/postgres-transaction.ts";
import type { Sink, SinkOptions } from "./sinks/sink.ts";
import { insert, upsert } from "./sinks/upsert.ts";

type OpenSink = (options: SinkOptions) => Promise<Sink>;

/** Each way to exactly once, and its naive twin. */
const sinks: Record<string, { on: OpenSink; off: OpenSink }> = {
	kafka: { on: kafkaTransaction, off: kafkaAtLeastOnce },
	postgres: { on: postgresTransaction, off: postgresAtLeastOnce },
	upsert: { on: upsert, off: insert },
};

export function sinkOf(name: string, guard: string): OpenSink {
	const found = sinks[name];
	if (found === undefined)
		throw new Error(`no sink "${name}": there are ${Object.keys(sinks).join(", ")}`);
	return guard === "off" ? found.off : found.on;
}
