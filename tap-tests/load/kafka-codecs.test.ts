import { syncBuiltinESMExports } from "node:module";
import zlib, { gzipSync, zstdCompressSync } from "node:zlib";
import { compressFrameSync } from "lz4-napi";
import { compressSync } from "snappy";
import t from "tap";
import { decompress } from "../../load/kafka-codecs.ts";

const records = Buffer.from("the records of a batch ".repeat(5_000));

t.test("what each of Kafka's codecs compressed is read", async (t) => {
	t.ok(decompress(1, gzipSync(records)).equals(records), "gzip");
	t.ok(decompress(2, compressSync(records)).equals(records), "snappy");
	t.ok(decompress(3, compressFrameSync(records)).equals(records), "lz4");
	t.ok(decompress(4, zstdCompressSync(records)).equals(records), "zstd");
});

t.test("zstd is read where Node does not have it, as before 22.15", async (t) => {
	const compressed = zstdCompressSync(records);
	const without = t.intercept(zlib, "zstdDecompressSync", { value: undefined });
	syncBuiltinESMExports();
	t.teardown(() => {
		without.restore();
		syncBuiltinESMExports();
	});
	t.equal(typeof zlib.zstdDecompressSync, "undefined");
	t.ok(decompress(4, compressed).equals(records));
});

t.test("snappy is read in the blocks that Java's clients make of it", async (t) => {
	const head = Buffer.from("82534e41505059000000000100000001", "hex");
	const blocks = [records.subarray(0, 32_768), records.subarray(32_768)].flatMap((part) => {
		const block = compressSync(part);
		const size = Buffer.alloc(4);
		size.writeInt32BE(block.length);
		return [size, block];
	});
	const framed = Buffer.concat([head, ...blocks]);
	t.ok(decompress(2, framed).equals(records));
	t.throws(() => decompress(2, framed.subarray(0, -1)), { message: /last block is not whole/ });
});

t.test("what can't be read says so by the codec's name", async (t) => {
	for (const [codec, name] of [
		[1, "gzip"],
		[2, "snappy"],
		[3, "lz4"],
		[4, "zstd"],
		[5, "codec 5"],
	] as const)
		t.throws(() => decompress(codec, Buffer.from("nothing that it made")), {
			code: "UNREADABLE_BATCH",
			message: new RegExp(`by ${name} can't be read`),
		});
});
