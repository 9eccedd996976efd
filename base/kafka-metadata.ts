import { hostPortText } from "./host-port.ts";
import { AnswerReader, int8, int32, request, requireSuccess, text } from "./kafka-protocol.ts";

const metadata = 3;
const unknownTopic = 3;

/** Metadata v1 of no topic: which brokers are in the cluster. */
export const brokersRequestKind = { api: metadata, version: 1 };
export const brokersRequestBody = int32(0);
export const brokersRequest = request(brokersRequestKind, brokersRequestBody);

/** host:port of each broker that the answer to it names. */
export function brokersIn(answer: Buffer): string[] {
	return [...readBrokers(new AnswerReader(answer)).values()];
}

/** Metadata v4 of one topic; it does not create the topic, as earlier versions may. */
export const topicRequestKind = { api: metadata, version: 4 };

export function topicRequestBody(topic: string): Buffer {
	return Buffer.concat([int32(1), text(topic), int8(0)]);
}

export function topicRequest(topic: string): Buffer {
	return request(topicRequestKind, topicRequestBody(topic));
}

/** One partition, as one broker knows it; brokers by their ids. */
export interface PartitionView {
	/** Null while there is none. */
	leader: number | null;
	replicas: number[];
	inSync: number[];
}

/** A topic, as one broker knows it. */
export interface TopicView {
	/** host:port by id. */
	brokers: Map<number, string>;
	/** By number. */
	partitions: Map<number, PartitionView>;
}

/** What the broker says of the topic; null where it knows no such topic. */
export function readTopic(answer: Buffer): TopicView | null {
	const read = new AnswerReader(answer);
	read.int32(); // throttle time
	const brokers = readBrokers(read);
	read.text(); // cluster
	read.int32(); // controller
	read.int32(); // topics
	const code = read.int16();
	if (code === unknownTopic) return null;
	const name = read.text();
	requireSuccess(`Metadata of "${name}"`, code);
	read.int8(); // whether it is internal
	const partitions = read.list(() => {
		read.int16(); // without leader, this is an error
		const [partition, leader] = [read.int32(), read.int32()];
		const [replicas, inSync] = [read.list(() => read.int32()), read.list(() => read.int32())];
		return [partition, { leader: leader < 0 ? null : leader, replicas, inSync }] as const;
	});
	return { brokers, partitions: new Map(partitions) };
}

/** Address by id. */
function readBrokers(read: AnswerReader): Map<number, string> {
	const brokers = read.list(() => {
		const id = read.int32();
		const address = hostPortText({ host: read.text(), port: read.int32() });
		read.text(); // rack
		return [id, address] as const;
	});
	return new Map(brokers);
}
