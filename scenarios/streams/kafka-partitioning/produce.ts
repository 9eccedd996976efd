import {
	type Issue,
	type IssuedOperation,
	type KafkaClient,
	type KafkaMessage,
	lingering,
} from "faultline";
import { encode } from "./message.ts";
import { keyName } from "./strategies.ts";
import { routeOf, type WorkloadOptions } from "./workload.ts";

/** The load: an operation is a message, sent to the partition that its strategy says, after the producer has lingered. */
export function produceTo(
	log: Pick<KafkaClient, "produce">,
	topic: string,
	options: WorkloadOptions,
): Issue {
	const { keys, messageBytes, lingerMs } = options;
	const { keyOf, partitionOf } = routeOf(options);
	const names = Array.from({ length: keys }, (_, key) => Buffer.from(keyName(key)));
	const send = lingering<{ message: KafkaMessage; operation: IssuedOperation }>(lingerMs, (all) => {
		for (const { message, operation } of all) log.produce(topic, message, operation);
	});
	return (operation) => {
		const { n, phase, intendedAtMs } = operation;
		const key = keyOf(n);
		const value = encode({ intendedAtMs, n, key, phase: phaseCode(phase) }, messageBytes);
		send({ message: { key: names[key]!, value, partition: partitionOf(n) }, operation });
	};
}

/** The phase as a message carries it: before what is measured, in it, or after it. */
function phaseCode(phase: string): number {
	switch (phase) {
		case "warming":
			return 0;
		case "steady":
			return 1;
		default:
			return 2;
	}
}
