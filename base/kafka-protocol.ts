import { KafkaError, kafkaErrorName } from "./kafka-errors.ts";

// What all of Kafka's requests and answers are made of, in those of their versions that are not "flexible" (KIP-482):
// numbers are big-endian, strings have an int16 length before them, arrays an int32 one.

const client = "faultline";

export function int8(value: number): Buffer {
	return int32(value).subarray(3);
}

export function int16(value: number): Buffer {
	return int32(value).subarray(2);
}

export function int32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32BE(value);
	return bytes;
}

export function int64(value: bigint): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigInt64BE(value);
	return bytes;
}

export function text(value: string): Buffer {
	const bytes = Buffer.from(value);
	return Buffer.concat([int16(bytes.length), bytes]);
}

export interface RequestKind {
	/** Which request it is, Kafka's "API key". */
	api: number;
	version: number;
}

/** What comes before the body of a request of so many bytes: its size, kind, correlation id and client. */
export function requestHead(
	{ api, version }: RequestKind,
	correlation: number,
	bodyBytes: number,
): Buffer {
	const head = Buffer.concat([int16(api), int16(version), int32(correlation), text(client)]);
	return Buffer.concat([int32(head.length + bodyBytes), head]);
}

export function request(kind: RequestKind, ...body: Buffer[]): Buffer {
	const all = Buffer.concat(body);
	return Buffer.concat([requestHead(kind, 0, all.length), all]);
}

/** Size and correlation id, before the body of an answer. */
const answerHeadBytes = 8;

/** Whether the bytes so far are a whole answer. */
export function isWhole(answer: Buffer): boolean {
	return answer.length >= 4 && answer.length >= 4 + answer.readInt32BE();
}

/** Throws a `KafkaError` where an answer to this kind of request has an error code, but for those that are expected. */
export function requireSuccess(what: string, code: number, expected: readonly number[] = []): void {
	if (code !== 0 && !expected.includes(code)) throw new KafkaError(what, kafkaErrorName(code));
}

/** Reads an answer's body, field by field. */
export class AnswerReader {
	readonly #bytes: Buffer;
	#at = answerHeadBytes;

	constructor(answer: Buffer) {
		this.#bytes = answer;
	}

	int8(): number {
		this.#at += 1;
		return this.#bytes.readInt8(this.#at - 1);
	}

	int16(): number {
		this.#at += 2;
		return this.#bytes.readInt16BE(this.#at - 2);
	}

	int32(): number {
		this.#at += 4;
		return this.#bytes.readInt32BE(this.#at - 4);
	}

	int64(): bigint {
		this.#at += 8;
		return this.#bytes.readBigInt64BE(this.#at - 8);
	}

	/** Null is a length of -1. */
	text(): string {
		return this.#take(Math.max(0, this.int16())).toString();
	}

	/** As they stand in the answer, without a copy. */
	bytes(): Buffer {
		return this.#take(Math.max(0, this.int32()));
	}

	/** A length as flexible versions (KIP-482) write it, one more than it is; 0 is null, and no length here. */
	compactLength(): number {
		return Math.max(0, this.varint() - 1);
	}

	/** A text as flexible versions write it. */
	compactText(): string {
		return this.#take(this.compactLength()).toString();
	}

	/** What flexible versions may add to anything: passed over. */
	tags(): void {
		for (let left = this.varint(); left > 0; left--) {
			this.varint(); // which
			this.#take(this.varint());
		}
	}

	/** Not zigzag-encoded. */
	varint(): number {
		let [value, shift, byte] = [0, 0, 0];
		do {
			byte = this.#bytes.readUInt8(this.#at++);
			value |= (byte & 0x7f) << shift;
			shift += 7;
		} while (byte >= 0x80);
		return value >>> 0;
	}

	/** Bytes without a length of their own. */
	raw(length: number): Buffer {
		return this.#take(length);
	}

	list<T>(item: () => T): T[] {
		return Array.from({ length: Math.max(0, this.int32()) }, item);
	}

	#take(length: number): Buffer {
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}
}
