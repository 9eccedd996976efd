import { inflateRawSync } from "node:zlib";

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/** The content of one file in a zip archive, or null: jars are opened without any program being installed. */
export function readZipEntry(archive: Buffer, name: string): Buffer | null {
	// The directory lies at the end, before a comment of unknown length; only its own record says where it begins.
	const end = archive.lastIndexOf(uint32(endOfDirectory));
	if (end < 0) throw new Error("not a zip archive");
	const count = archive.readUInt16LE(end + 10);
	let at = archive.readUInt32LE(end + 16);
	for (let i = 0; i < count && archive.readUInt32LE(at) === directoryEntry; i++) {
		const nameLength = archive.readUInt16LE(at + 28);
		if (archive.toString("utf8", at + 46, at + 46 + nameLength) === name)
			return unpack(archive, at);
		at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
	}
	return null;
}

function unpack(archive: Buffer, entry: number): Buffer {
	const method = archive.readUInt16LE(entry + 10);
	const size = archive.readUInt32LE(entry + 20);
	const header = archive.readUInt32LE(entry + 42);
	// The local header repeats the name and has extra fields of its own length.
	const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
	const packed = archive.subarray(start, start + size);
	if (method === 0) return packed;
	if (method === 8) return inflateRawSync(packed);
	throw new Error(`zip method ${method} is not known here`);
}

function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}
