import { crc32c } from "@node-rs/crc32";
import { KafkaError } from "../../base/kafka-errors.ts";
import { decompress } from "../kafka-codecs.ts";

// Kafka's record batches, version 2 (KIP-98): what a partition is sent and what it holds. Lengths of records and in
// records are varints, zigzag-encoded.

export interface BatchRecord {
	key: Buffer | null;
	value: Buffer;
}

const lengthAt = 8;
const epochAt = 12;
const magicAt = 16;
const crcAt = 17;
const attributesAt = 21;
const lastDeltaAt = 23;
const firstTimeAt = 27;
const lastTimeAt = 35;
const producerAt = 43;
const countAt = 57;
const recordsAt = 61;

/** So many bytes a batch of these records takes. */
export function batchBytes(records: readonly BatchRecord[]): number {
	let bytes = recordsAt;
	for (let i = 0; i < records.length; i++) {
		const body = recordBytes(records[i]!, i);
		bytes += varintBytes(body) + body;
	}
	return bytes;
}

/** Writes a batch of these records, all of one time, from `start` on; where it ends. */
export function writeBatch(
	out: Buffer,
	start: number,
	records: readonly BatchRecord[],
	timeMs: number,
): number {
	let at = start + recordsAt;
	for (let i = 0; i < records.length; i++) at = writeRecord(out, at, records[i]!, i);
	const time = BigInt(timeMs);
	out.writeBigInt64BE(0n, start);
	out.writeInt32BE(at - start - epochAt, start + lengthAt);
	out.writeInt32BE(-1, start + epochAt);
	out[start + magicAt] = 2;
	out.writeInt16BE(0, start + attributesAt); // no compression, no transaction
	out.writeInt32BE(records.length - 1, start + lastDeltaAt);
	out.writeBigInt64BE(time, start + firstTimeAt);
	out.writeBigInt64BE(time, start + lastTimeAt);
	out.fill(0xff, start + producerAt, start + countAt); // no producer id, epoch, sequence
	out.writeInt32BE(records.length, start + countAt);
	out.writeUInt32BE(crc32c(out.subarray(start + attributesAt, at)), start + crcAt);
	return at;
}

/** Behind its own length: attributes, time and offset deltas, key, value, no headers. */
function recordBytes({ key, value }: BatchRecord, delta: number): number {
	const keyBytes = key === null ? 1 : varintBytes(key.length) + key.length;
	return 3 + varintBytes(delta) + keyBytes + varintBytes(value.length) + value.length;
}

function writeRecord(out: Buffer, start: number, record: BatchRecord, delta: number): number {
	const { key, value } = record;
	let at = writeVarint(out, start, recordBytes(record, delta));
	out[at++] = 0; // attributes
	out[at++] = 0; // since the batch's time
	at = writeVarint(out, at, delta);
	if (key === null) at = writeVarint(out, at, -1);
	else {
		at = writeVarint(out, at, key.length);
		out.set(key, at);
		at += key.length;
	}
	at = writeVarint(out, at, value.length);
	out.set(value, at);
	at += value.length;
	out[at++] = 0; // headers
	return at;
}

function varintBytes(value: number): number {
	const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
	if (zigzag < 0x80) return 1;
	if (zigzag < 0x4000) return 2;
	if (zigzag < 0x200000) return 3;
	return zigzag < 0x10000000 ? 4 : 5;
}

function writeVarint(out: Buffer, start: number, value: number): number {
	let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
	let at = start;
	while (zigzag >= 0x80) {
		out[at++] = (zigzag & 0x7f) | 0x80;
		zigzag >>>= 7;
	}
	out[at++] = zigzag;
	return at;
}

/**
 * Calls with the value of each record of the batches in a fetch's answer, from this offset on; the offset
 * that follows the last whole batch. An answer may end within a batch and begin before what was asked for. Throws a
 * `KafkaError` where a batch can't be read.
 */
export function readBatches(bytes: Buffer, from: bigint, onValue: (value: Buffer) => void): bigint {
	let next = from;
	for (let start = 0; start + magicAt < bytes.length; ) {
		const end = start + epochAt + bytes.readInt32BE(start + lengthAt);
		if (end > bytes.length) break;
		const magic = bytes[start + magicAt]!;
		if (magic !== 2)
			throw new KafkaError(
				`the topic holds messages of format v${magic}, from before Kafka 0.11`,
				"UNREADABLE_BATCH",
				"only record batches (v2) are read",
			);
		const first = bytes.readBigInt64BE(start);
		const attributes = bytes.readInt16BE(start + attributesAt);
		if ((attributes & control) === 0) {
			const count = bytes.readInt32BE(start + countAt);
			const codec = attributes & compressed;
			const reader =
				codec === 0
					? new RecordReader(bytes, start + recordsAt)
					: new RecordReader(decompress(codec, bytes.subarray(start + recordsAt, end)), 0);
			for (let i = 0; i < count; i++) {
				const value = reader.next();
				if (value !== null && first + BigInt(reader.delta) >= from) onValue(value);
			}
		}
		next = first + BigInt(bytes.readInt32BE(start + lastDeltaAt)) + 1n;
		start = end;
	}
	return next;
}

const compressed = 0b111;
/** A marker of a transaction's end, which is no message. */
const control = 0b10_0000;

class RecordReader {
	/** Of the last record, to the batch's first offset. */
	delta = 0;
	readonly #bytes: Buffer;
	#at: number;

	constructor(bytes: Buffer, at: number) {
		this.#bytes = bytes;
		this.#at = at;
	}

	/** The value of the next record, which has one or null. */
	next(): Buffer | null {
		const length = this.#varint();
		const end = this.#at + length;
		this.#at++; // attributes
		this.#skipVarint(); // since the batch's time: may take more than 32 bits
		this.delta = this.#varint();
		const keyBytes = this.#varint();
		this.#at += Math.max(0, keyBytes);
		const valueBytes = this.#varint();
		const value = valueBytes < 0 ? null : this.#bytes.subarray(this.#at, this.#at + valueBytes);
		this.#at = end;
		return value;
	}

	#varint(): number {
		let zigzag = 0;
		let shift = 0;
		let byte: number;
		do {
			byte = this.#bytes[this.#at++]!;
			zigzag |= (byte & 0x7f) << shift;
			shift += 7;
		} while (byte >= 0x80);
		return (zigzag >>> 1) ^ -(zigzag & 1);
	}

	#skipVarint(): void {
		while (this.#bytes[this.#at++]! >= 0x80);
	}
}
