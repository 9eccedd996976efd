import { createRequire } from "node:module";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { KafkaError } from "../base/kafka-errors.ts";

// Of what is not in Node only what a topic needs is loaded: two of them are native.
const load = createRequire(import.meta.url);

/** Kafka's numbers of how a batch is compressed, and their names. */
export const codecs = { 1: "gzip", 2: "snappy", 3: "lz4", 4: "zstd" } as const;
export type Codec = keyof typeof codecs;

/** The records of a batch that is compressed; throws a `KafkaError` where they can't be read. */
export function decompress(codec: number, bytes: Buffer): Buffer {
	const known = codec in codecs ? (codec as Codec) : null;
	try {
		if (known === null) throw new Error("no codec of Kafka has this number");
		return expand(known, bytes);
	} catch (error) {
		const name = known === null ? `codec ${codec}` : codecs[known];
		const why = error instanceof Error ? error.message : String(error);
		throw new KafkaError(`a batch compressed by ${name} can't be read`, "UNREADABLE_BATCH", why);
	}
}

function expand(codec: Codec, bytes: Buffer): Buffer {
	switch (codec) {
		case 1:
			return gunzipSync(bytes);
		case 2:
			return isXerial(bytes) ? xerial(bytes) : unsnap(bytes);
		case 3:
			return (load("lz4-napi") as typeof import("lz4-napi")).decompressFrameSync(bytes);
		case 4:
			return unzstd(bytes);
		default:
			return codec satisfies never;
	}
}

/** Node has it from 22.15 on. */
function unzstd(bytes: Buffer): Buffer {
	if (typeof zstdDecompressSync === "function") return zstdDecompressSync(bytes);
	return Buffer.from((load("fzstd") as typeof import("fzstd")).decompress(bytes));
}

function unsnap(bytes: Buffer): Buffer {
	const snappy = load("snappy") as typeof import("snappy");
	return snappy.uncompressSync(bytes, { asBuffer: true }) as Buffer;
}

/** What Java's clients put around snappy: a header of 16 bytes, then blocks with their lengths. */
const xerialMagic = Buffer.from("\x82SNAPPY\0", "latin1");
const xerialHeadBytes = 16;

function isXerial(bytes: Buffer): boolean {
	return bytes.length >= xerialHeadBytes && xerialMagic.compare(bytes, 0, xerialMagic.length) === 0;
}

function xerial(bytes: Buffer): Buffer {
	const blocks: Buffer[] = [];
	for (let at = xerialHeadBytes; at < bytes.length; ) {
		const end = at + 4 + bytes.readInt32BE(at);
		if (end > bytes.length) throw new Error("its last block is not whole");
		blocks.push(unsnap(bytes.subarray(at + 4, end)));
		at = end;
	}
	return Buffer.concat(blocks);
}
