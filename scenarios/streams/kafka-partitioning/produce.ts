import type { Issue, IssuedOperation, KafkaClient, KafkaMessage } from "faultline";
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
	let gathered: { message: KafkaMessage; operation: IssuedOperation }[] = [];
	const send = () => {
		const all = gathered;
		gathered = [];
		for (const { message, operation } of all) log.produce(topic, message, operation);
	};
	return (operation) => {
		const { n, phase, intendedAtMs } = operation;
		const key = keyOf(n);
		const value = encode({ intendedAtMs, n, key, phase: phaseCode(phase) }, messageBytes);
		// A sender that waits for the next turn even with no linger: an operation may not end while it is issued.
		if (gathered.length === 0) setTimeout(send, lingerMs);
		gathered.push({ message: { key: names[key]!, value, partition: partitionOf(n) }, operation });
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
