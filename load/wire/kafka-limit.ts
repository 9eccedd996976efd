import { AnswerReader, int8, int32, text } from "../../base/kafka-protocol.ts";

/** DescribeConfigs v1 of one topic's limit for a batch. */
export const limitRequestKind = { api: 32, version: 1 };
const topicResource = 2;
const setting = "max.message.bytes";

export function limitRequestBody(topic: string): Buffer {
	const resource = [int8(topicResource), text(topic), int32(1), text(setting)];
	return Buffer.concat([int32(1), ...resource, int8(0)]);
}

/** The limit in bytes; null where whoever asks may not know it. */
export function readLimit(answer: Buffer): number | null {
	const read = new AnswerReader(answer);
	read.int32(); // throttle time
	read.int32(); // topics
	const code = read.int16();
	read.text(); // why not
	read.int8(); // kind
	read.text(); // topic
	if (code !== 0 || read.int32() < 1) return null;
	read.text(); // its name
	const limit = Number(read.text());
	return limit > 0 ? limit : null;
}
