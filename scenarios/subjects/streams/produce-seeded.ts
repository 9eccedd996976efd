import {
	type Issue,
	type IssuedOperation,
	type KafkaClient,
	type KafkaMessage,
	lingering,
	load,
} from "faultline";
import { inputOf, type StreamNames } from "./stream-topics.ts";

/** The message of a number; `sent` is null of one that is there before the load begins. */
export type MessageOf = (n: number, sent: { atMs: number; phase: string } | null) => KafkaMessage;

interface SeededLoad {
	ratePerSec: number;
	/** So many messages of the seed are there before. */
	backlog: number;
	lingerMs: number;
}

/** Messages of a seed at a rate to the path `log`, from that on which follows the backlog. */
export function seededLoad(p: SeededLoad, stream: StreamNames, messageOf: MessageOf) {
	return load({
		arrival: { kind: "constant", ratePerSec: p.ratePerSec },
		clients: { log: { driver: "kafka-wire", at: "log", connections: 1 } },
		deadlineMs: 10_000,
		inFlightMax: Math.max(100, p.ratePerSec),
		journal: true,
		work: {
			issue: ({ log }, names) => produceSeeded(log, inputOf(names, stream), p, messageOf),
		},
	});
}

/** A load whose operations are the messages that follow the backlog, gathered for a while. */
export function produceSeeded(
	log: Pick<KafkaClient, "produce">,
	topic: string,
	{ backlog, lingerMs }: { backlog: number; lingerMs: number },
	messageOf: MessageOf,
): Issue {
	const send = lingering<{ message: KafkaMessage; operation: IssuedOperation }>(lingerMs, (all) => {
		for (const { message, operation } of all) log.produce(topic, message, operation);
	});
	return (operation) => {
		const { n, intendedAtMs: atMs, phase } = operation;
		send({ message: messageOf(backlog + n, { atMs, phase }), operation });
	};
}

/** What is there before anybody reads. */
export function* backlogOf(count: number, messageOf: MessageOf): Generator<KafkaMessage> {
	for (let n = 0; n < count; n++) yield messageOf(n, null);
}

/** Where each partition ends when so many are there. */
export function endsOf(
	count: number,
	partitions: number,
	partitionAt: (n: number) => number,
): number[] {
	const ends = new Array<number>(partitions).fill(0);
	for (let n = 0; n < count; n++) ends[partitionAt(n)]!++;
	return ends;
}
