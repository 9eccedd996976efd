import type { Timed } from "../../subjects/streams/watermark.ts";

/** What a shop's apps send of each purchase. One that is sent again has the same id. */
export interface Purchase extends Timed {
	id: string;
	user: string;
	cents: number;
}

/** What the testbed notes on a message, so that it knows it again. */
export interface Trace {
	/** Messages are numbered from 0, those that repeat others too. */
	n: number;
	/** When it was to be sent, in milliseconds of the machine's monotonic clock; null of one that was there before. */
	sentAtMs: number | null;
	/** The part of the run that it belongs to. */
	phase: string;
}

export type Message = Purchase & Trace;

export function encode(message: Purchase & Partial<Trace>): Buffer {
	return Buffer.from(JSON.stringify(message));
}

export function decode(value: Buffer): Message {
	return JSON.parse(value.toString()) as Message;
}

/** As one reads it who thinks of neither clocks nor repeats: it happened when it came, and is another every time. */
export function decodeNaively(value: Buffer): Message {
	const message = decode(value);
	return { ...message, atMs: message.receivedMs, id: `${message.id} ${message.n}` };
}
