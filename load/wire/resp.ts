export const CR = 13;
export const plus = 43;
export const minus = 45;
export const colon = 58;
export const dollar = 36;
export const star = 42;

/** A value as Redis answers it (RESP 2). */
export type RedisValue = string | number | null | RedisReplyError | RedisValue[];

/** An error that the server answered with: the command was not done. */
export class RedisReplyError extends Error {
	/** Its first word, such as `WRONGTYPE` or `OOM`. */
	readonly code: string;

	constructor(text: string) {
		super(text);
		this.name = "RedisReplyError";
		this.code = text.split(" ", 1)[0]!;
	}
}

export class RedisFormatError extends Error {
	readonly code = "bad_response";
}

/** A command as the server reads it: an array of strings, each with its length in bytes. */
export function encodeCommand(words: readonly string[]): string {
	let text = `*${words.length}\r\n`;
	for (const word of words) text += `$${Buffer.byteLength(word)}\r\n${word}\r\n`;
	return text;
}

/** Where the reply at `at` ends; −1 where it is not all there by `end`. Reads lengths alone: the quick way over it. */
export function endOfReply(bytes: Buffer, at: number, end: number): number {
	if (at >= end) return -1;
	const line = endOfLine(bytes, at + 1, end);
	if (line === -1) return -1;
	switch (bytes[at]) {
		case plus:
		case minus:
		case colon:
			return line;
		case dollar: {
			const length = lengthAt(bytes, at + 1);
			if (length === -1) return line;
			return line + length + 2 <= end ? line + length + 2 : -1;
		}
		case star: {
			let next = line;
			for (let left = lengthAt(bytes, at + 1); left > 0; left--) {
				next = endOfReply(bytes, next, end);
				if (next === -1) return -1;
			}
			return next;
		}
		default:
			throw new RedisFormatError(
				`expected a reply, got ${JSON.stringify(bytes.toString("latin1", at, Math.min(end, at + 20)))}`,
			);
	}
}

/** The reply at `at`, which is all there. */
export function decodeReply(bytes: Buffer, at: number): RedisValue {
	return decode(bytes, at)[0];
}

function decode(bytes: Buffer, at: number): [RedisValue, number] {
	const line = endOfLine(bytes, at + 1, bytes.length);
	const text = bytes.toString("utf8", at + 1, line - 2);
	switch (bytes[at]) {
		case plus:
			return [text, line];
		case minus:
			return [new RedisReplyError(text), line];
		case colon:
			return [Number(text), line];
		case dollar: {
			const length = Number(text);
			if (length === -1) return [null, line];
			return [bytes.toString("utf8", line, line + length), line + length + 2];
		}
		default: {
			const length = Number(text);
			if (length === -1) return [null, line];
			const values: RedisValue[] = [];
			let next = line;
			for (let left = length; left > 0; left--) {
				const [value, after] = decode(bytes, next);
				values.push(value);
				next = after;
			}
			return [values, next];
		}
	}
}

/** Behind the next CR LF; −1 where there is none. */
function endOfLine(bytes: Buffer, from: number, end: number): number {
	for (let at = from; at < end - 1; at++) if (bytes[at] === CR) return at + 2;
	return -1;
}

function lengthAt(bytes: Buffer, from: number): number {
	if (bytes[from] === minus) return -1;
	let length = 0;
	for (let at = from; bytes[at] !== CR; at++) {
		const digit = bytes[at]! - 48;
		if (!(digit >= 0 && digit <= 9)) throw new RedisFormatError("a length is no number");
		length = length * 10 + digit;
	}
	return length;
}
