import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { crc32c } from "@node-rs/crc32";
import fc from "fast-check";
import t from "tap";
import {
	type Aborted,
	type BatchRecord,
	batchBytes,
	readBatches,
	readCommitted,
	writeBatch,
} from "../../../load/wire/kafka-batch.ts";

// What kafkajs makes of bytes, and which it makes, from inside it: it has no other door to that.
const inKafkajs = createRequire(import.meta.resolve("kafkajs"));
const Decoder = inKafkajs("./src/protocol/decoder");
const readByKafkajs = inKafkajs("./src/protocol/recordBatch/v0/decoder");
const { RecordBatch } = inKafkajs("./src/protocol/recordBatch/v0");
const Record = inKafkajs("./src/protocol/recordBatch/record/v0");
const crcByKafkajs = inKafkajs("./src/protocol/recordBatch/crc32C");

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const records = fc.array(fc.record({ key: fc.option(bytes), value: bytes }), {
	minLength: 1,
	maxLength: 150, // beyond 64 a delta takes two bytes
});

function written(given: readonly BatchRecord[], timeMs = 0): Buffer {
	const out = Buffer.alloc(batchBytes(given));
	if (writeBatch(out, 0, given, timeMs) !== out.length) throw new Error("its size is another");
	return out;
}

t.test("kafkajs reads the records of a batch as they were given, with their time", async (t) => {
	await fc.assert(
		fc.asyncProperty(records, fc.integer({ min: 0, max: 2 ** 42 }), async (given, timeMs) => {
			const batch = await readByKafkajs(new Decoder(written(given, timeMs)));
			const read = batch.records as { key: Buffer | null; value: Buffer; offset: string }[];
			t.same(
				read.map(({ key, value }) => ({ key, value })),
				given,
			);
			t.same(
				read.map(({ offset }) => Number(offset)),
				given.map((_, i) => i),
			);
			t.equal(Number(batch.maxTimestamp), timeMs);
		}),
		{ numRuns: 30 },
	);
});

t.test("its checksum is the one that kafkajs works out", async (t) => {
	const batch = written([{ key: null, value: Buffer.from("some value") }]);
	t.equal(batch.readInt32BE(17), crcByKafkajs(batch.subarray(21)) | 0);
	t.equal(crc32c(Buffer.from("123456789")), 0xe3069283, "RFC 3720");
});

t.test("what kafkajs has written is read, from any offset on", async (t) => {
	await fc.assert(
		fc.asyncProperty(records, fc.nat({ max: 160 }), async (given, from) => {
			const batch = await RecordBatch({
				firstTimestamp: 1_000,
				maxTimestamp: 2 ** 40,
				lastOffsetDelta: given.length - 1,
				records: given.map(({ key, value }, offsetDelta) =>
					Record({ key, value, offsetDelta, timestampDelta: 2 ** 40, headers: { a: "b" } }),
				),
			});
			const values: Buffer[] = [];
			const next = readBatches(batch.buffer, BigInt(from), (value) => values.push(value));
			t.equal(Number(next), given.length);
			t.same(
				values,
				given.slice(from).map(({ value }) => value),
			);
		}),
		{ numRuns: 30 },
	);
});

t.test("a batch that an answer ends within is asked for again", async (t) => {
	const [first, second] = [
		written([{ key: null, value: Buffer.from("one") }]),
		written([{ key: null, value: Buffer.from("two") }]),
	];
	second.writeBigInt64BE(1n); // where the broker has put it
	const both = Buffer.concat([first, second]);
	for (let length = first.length; length < both.length; length++) {
		const values: string[] = [];
		const next = readBatches(both.subarray(0, length), 0n, (value) => values.push(`${value}`));
		t.same([next, values], [1n, ["one"]]);
	}
});

t.test("a batch that is compressed is read, and one that can't be throws", async (t) => {
	const plain = written(["one", "two"].map((value) => ({ key: null, value: Buffer.from(value) })));
	const batch = Buffer.concat([plain.subarray(0, 61), gzipSync(plain.subarray(61))]);
	batch.writeInt32BE(batch.length - 12, 8);
	batch.writeInt16BE(1, 21); // gzip
	const values: string[] = [];
	t.equal(
		readBatches(Buffer.concat([batch, plain]), 0n, (value) => values.push(`${value}`)),
		2n,
	);
	t.same(values, ["one", "two", "one", "two"], "and what follows it");
	plain.writeInt16BE(1, 21);
	t.throws(() => readBatches(plain, 0n, () => {}), { message: /compressed by gzip can't be read/ });
});

t.test("a transaction's marker is no message, and what was sent within it is one", async (t) => {
	const within = written([{ key: null, value: Buffer.from("paid") }]);
	within.writeInt16BE(0b01_0000, 21);
	const values: string[] = [];
	readBatches(within, 0n, (value) => values.push(`${value}`));
	t.same(values, ["paid"]);
	const batch = written([{ key: null, value: Buffer.from("commit") }]);
	batch.writeInt16BE(0b11_0000, 21);
	t.equal(
		readBatches(batch, 0n, () => t.fail("it was read as one")),
		1n,
	);
});

/** What producers do to one partition: a batch each, outside of a transaction or in theirs, which they end sooner or later. */
const acts = fc.array(
	fc.record({
		producer: fc.integer({ min: 1, max: 3 }),
		does: fc.constantFrom("sends", "sends", "sends outside", "commits", "aborts"),
		count: fc.integer({ min: 1, max: 3 }),
	}),
	{ maxLength: 40 },
);

/** The log of these acts as a broker keeps it, and the offsets of what is committed. */
function logOf(given: typeof acts extends fc.Arbitrary<infer A> ? A : never) {
	const batches: Buffer[] = [];
	const committed: number[] = [];
	const aborted: Aborted[] = [];
	const open = new Map<number, { first: number; offsets: number[] }>();
	let offset = 0;
	const append = (producer: number, attributes: number, count: number) => {
		const offsets = Array.from({ length: count }, (_, i) => offset + i);
		const batch = written(
			offsets.map((one) => ({ key: Buffer.from(`key ${one}`), value: Buffer.from(`${one}`) })),
		);
		batch.writeBigInt64BE(BigInt(offset));
		batch.writeInt16BE(attributes, 21);
		batch.writeBigInt64BE(BigInt(producer), 43);
		batches.push(batch);
		offset += count;
		return offsets;
	};
	const end = (producer: number, how: "commits" | "aborts") => {
		const transaction = open.get(producer);
		if (transaction === undefined) return;
		open.delete(producer);
		append(producer, 0b11_0000, 1);
		if (how === "commits") committed.push(...transaction.offsets);
		else aborted.push({ producer: BigInt(producer), first: BigInt(transaction.first) });
	};
	for (const { producer, does, count } of given) {
		switch (does) {
			case "sends": {
				const offsets = append(producer, 0b1_0000, count);
				const transaction = open.get(producer) ?? { first: offsets[0]!, offsets: [] };
				transaction.offsets.push(...offsets);
				open.set(producer, transaction);
				break;
			}
			case "sends outside":
				committed.push(...append(-1, 0, count));
				break;
			case "commits":
			case "aborts":
				end(producer, does);
				break;
		}
	}
	for (const producer of [...open.keys()]) end(producer, "aborts");
	return {
		bytes: Buffer.concat(batches),
		committed: committed.sort((a, b) => a - b),
		aborted,
		offset,
	};
}

t.test(
	"of transactions that overlap just those are read that were committed, from any offset on",
	(t) => {
		fc.assert(
			fc.property(acts, fc.nat({ max: 60 }), (given, from) => {
				const { bytes, committed, aborted, offset } = logOf(given);
				const read: string[] = [];
				const next = readCommitted(bytes, BigInt(from), aborted, (record) =>
					read.push(`${record.offset} ${record.key} ${record.value}`),
				);
				t.same(
					read,
					committed.filter((one) => one >= from).map((one) => `${one} key ${one} ${one}`),
				);
				return next === BigInt(given.length === 0 || offset === 0 ? from : offset);
			}),
			{ numRuns: 300 },
		);
		t.end();
	},
);

t.test("a record without a key has none, and one without a value too", (t) => {
	const batch = written([{ key: null, value: Buffer.from("some") }]);
	const records: { key: unknown; value: unknown }[] = [];
	readCommitted(batch, 0n, [], (record) => records.push(record));
	t.match(records, [{ key: null, value: Buffer.from("some") }]);
	t.end();
});
