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
	return walk(bytes, from, (batch) => {
		if ((batch.attributes & control) !== 0) return;
		const reader = readerOf(bytes, batch);
		for (let i = 0; i < batch.count; i++) {
			const value = reader.next();
			if (value !== null && batch.first + BigInt(reader.delta) >= from) onValue(value);
		}
	});
}

/** A record as a log holds it. */
export interface LogRecord {
	offset: bigint;
	key: Buffer | null;
	/** Null where its key has no value any more. */
	value: Buffer | null;
}

/** A transaction that was aborted, as the answer to a fetch names it: by its producer, from its first offset on. */
export interface Aborted {
	producer: bigint;
	first: bigint;
}

/** The same of whole records, without those of transactions that were aborted. */
export function readCommitted(
	bytes: Buffer,
	from: bigint,
	aborted: readonly Aborted[],
	onRecord: (record: LogRecord) => void,
): bigint {
	// Brokers name them in the order of their ends.
	const begins = aborted.toSorted((a, b) => (a.first < b.first ? -1 : 1));
	const open = new Set<bigint>();
	return walk(bytes, from, (batch) => {
		while (begins.length > 0 && begins[0]!.first <= batch.last) open.add(begins.shift()!.producer);
		const producer = bytes.readBigInt64BE(batch.start + producerAt);
		if ((batch.attributes & control) !== 0) {
			// Whichever end it marks: what comes then of its producer is of another transaction.
			open.delete(producer);
			return;
		}
		if ((batch.attributes & transactional) !== 0 && open.has(producer)) return;
		const reader = readerOf(bytes, batch);
		for (let i = 0; i < batch.count; i++) {
			const value = reader.next();
			const offset = batch.first + BigInt(reader.delta);
			if (offset >= from) onRecord({ offset, key: reader.key, value });
		}
	});
}

interface Batch {
	start: number;
	end: number;
	first: bigint;
	last: bigint;
	attributes: number;
	count: number;
}

function walk(bytes: Buffer, from: bigint, onBatch: (batch: Batch) => void): bigint {
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
		const last = first + BigInt(bytes.readInt32BE(start + lastDeltaAt));
		const attributes = bytes.readInt16BE(start + attributesAt);
		onBatch({ start, end, first, last, attributes, count: bytes.readInt32BE(start + countAt) });
		next = last + 1n;
		start = end;
	}
	return next;
}

function readerOf(bytes: Buffer, { start, end, attributes }: Batch): RecordReader {
	const codec = attributes & compressed;
	return codec === 0
		? new RecordReader(bytes, start + recordsAt)
		: new RecordReader(decompress(codec, bytes.subarray(start + recordsAt, end)), 0);
}

const compressed = 0b111;
const transactional = 0b1_0000;
/** A marker of a transaction's end, which is no message. */
const control = 0b10_0000;

class RecordReader {
	/** Of the last record, to the batch's first offset. */
	delta = 0;
	readonly #bytes: Buffer;
	#at: number;
	#keyAt = 0;
	#keyBytes = -1;

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
		this.#keyBytes = this.#varint();
		this.#keyAt = this.#at;
		this.#at += Math.max(0, this.#keyBytes);
		const valueBytes = this.#varint();
		const value = valueBytes < 0 ? null : this.#bytes.subarray(this.#at, this.#at + valueBytes);
		this.#at = end;
		return value;
	}

	/** Of the last record. */
	get key(): Buffer | null {
		return this.#keyBytes < 0
			? null
			: this.#bytes.subarray(this.#keyAt, this.#keyAt + this.#keyBytes);
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
