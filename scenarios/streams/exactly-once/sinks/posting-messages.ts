import type { KafkaMessage, Message } from "kafkajs";
import type { Posting } from "../posting.ts";

/** Postings as they go to their topic: in the partition of their payments, by their account, with their attempt. */
export function postingMessages(postings: readonly Posting[], attempt: string): Message[] {
	return postings.map((posting) => ({
		partition: posting.partition,
		key: posting.account,
		value: JSON.stringify(posting),
		headers: { attempt },
	}));
}

export function readPosting({ value, headers }: KafkaMessage): {
	posting: Posting;
	attempt: string;
} {
	return { posting: JSON.parse(String(value)) as Posting, attempt: String(headers?.attempt) };
}
