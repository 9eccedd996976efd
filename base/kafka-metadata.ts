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

/** Metadata v10, the first to tell a topic's id, which one that is made anew has not: brokers have it since 2.8. */
export const topicIdRequestKind = { api: metadata, version: 10 };

export function topicIdRequestBody(topic: string): Buffer {
	const name = Buffer.from(topic);
	const written = Buffer.concat([Buffer.of(name.length + 1), name]);
	const [noTags, noId, no] = [Buffer.of(0), Buffer.alloc(16), Buffer.of(0)];
	// The first tags are of the request's head.
	return Buffer.concat([noTags, Buffer.of(2), noId, written, noTags, no, no, no, noTags]);
}

/** The topic's id as hexadecimal digits; null where the broker knows no such topic. */
export function readTopicId(answer: Buffer): string | null {
	const read = new AnswerReader(answer);
	read.tags(); // of the answer's head
	read.int32(); // throttle time
	for (let left = read.compactLength(); left > 0; left--) {
		read.int32(); // broker
		read.compactText(); // host
		read.int32(); // port
		read.compactText(); // rack
		read.tags();
	}
	read.compactText(); // cluster
	read.int32(); // controller
	if (read.compactLength() === 0 || read.int16() !== 0) return null;
	read.compactText(); // its name
	return read.raw(16).toString("hex");
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
