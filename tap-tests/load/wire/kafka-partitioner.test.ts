import { createRequire } from "node:module";
import fc from "fast-check";
import t from "tap";
import { murmur2, partitionOfKey } from "../../../load/wire/kafka-partitioner.ts";

// Another's port of the same hash, which agrees with Kafka's own client.
const theirs = createRequire(import.meta.url)(
	"kafkajs/src/producer/partitioners/default/murmur2.js",
) as (key: Buffer) => number;

t.test("the hash of a key is that of Kafka's own clients", (t) => {
	// Of UtilsTest.testMurmur2 in Kafka's sources.
	const vectors: [key: string, hash: number][] = [
		["21", -973932308],
		["foobar", -790332482],
		["a-little-bit-long-string", -985981536],
		["a-little-bit-longer-string", -1486304829],
		["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
		["abc", 479470107],
	];
	for (const [key, hash] of vectors) t.equal(murmur2(Buffer.from(key)), hash, key);
	fc.assert(
		fc.property(
			fc.uint8Array({ maxLength: 40 }),
			(bytes) => murmur2(Buffer.from(bytes)) === theirs(Buffer.from(bytes)),
		),
	);
	t.end();
});

t.test("a key goes where Kafka's own clients send it", (t) => {
	t.equal(partitionOfKey(Buffer.from("21"), 7), (-973932308 & 0x7fffffff) % 7);
	t.end();
});
