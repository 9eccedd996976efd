import type { Timed } from "../../subjects/streams/watermark.ts";

/** What an app sends of something that its user did. */
export interface Activity extends Timed {
	id: string;
	user: string;
	kind: "view" | "purchase";
	/** What was paid, for a purchase; 0 for a view. */
	cents: number;
}

/** What the testbed notes on a message, so that it knows it again. */
export interface Trace {
	/** Messages are numbered from 0. */
	n: number;
	/** When it was to be sent, in milliseconds of the machine's monotonic clock; null of one that was there before. */
	sentAtMs: number | null;
	/** The part of the run that it belongs to. */
	phase: string;
}

export type Message = Activity & Trace;

export function encode(message: Message): Buffer {
	return Buffer.from(JSON.stringify(message));
}

export function decode(value: Buffer): Message {
	return JSON.parse(value.toString()) as Message;
}
