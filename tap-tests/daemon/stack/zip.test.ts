import { crc32, deflateRawSync } from "node:zlib";
import t from "tap";
import { readZipEntry } from "../../../daemon/stack/zip.ts";

/** A zip archive of these files, each packed or stored; `extra` bytes follow each local name, as jars have them. */
function zip(files: { name: string; text: string; method: 0 | 8 | 12 }[], comment = ""): Buffer {
	const locals: Buffer[] = [];
	const entries: Buffer[] = [];
	let offset = 0;
	for (const { name, text, method } of files) {
		const body = method === 8 ? deflateRawSync(text) : Buffer.from(text);
		const common = Buffer.alloc(26);
		common.writeUInt16LE(method, 4);
		common.writeUInt32LE(crc32(text), 10);
		common.writeUInt32LE(body.length, 14);
		common.writeUInt32LE(text.length, 18);
		common.writeUInt16LE(name.length, 22);
		const localExtra = Buffer.from("extra!");
		const local = Buffer.from(common);
		local.writeUInt16LE(localExtra.length, 24);
		const head = Buffer.concat([
			Buffer.from("PK\x03\x04"),
			local,
			Buffer.from(name),
			localExtra,
			body,
		]);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(offset, 10);
		entries.push(
			Buffer.concat([
				Buffer.from("PK\x01\x02\0\0"),
				common.subarray(0, 26),
				tail,
				Buffer.from(name),
			]),
		);
		locals.push(head);
		offset += head.length;
	}
	const directory = Buffer.concat(entries);
	const end = Buffer.alloc(22);
	end.write("PK\x05\x06", "latin1");
	end.writeUInt16LE(files.length, 10);
	end.writeUInt32LE(offset, 16);
	end.writeUInt16LE(comment.length, 20);
	return Buffer.concat([...locals, directory, end, Buffer.from(comment)]);
}

const archive = zip([
	{ name: "a", text: "stored", method: 0 },
	{ name: "folder/b", text: "packed".repeat(100), method: 8 },
	{ name: "c", text: "?", method: 12 },
]);

t.test("a stored and a packed file are read as they were", async (t) => {
	t.equal(readZipEntry(archive, "a")?.toString(), "stored");
	t.equal(readZipEntry(archive, "folder/b")?.toString(), "packed".repeat(100));
});

t.test("a name that is not in the archive gives nothing", async (t) => {
	t.equal(readZipEntry(archive, "b"), null);
});

t.test("a comment behind the directory is no hindrance", async (t) => {
	const commented = zip([{ name: "a", text: "stored", method: 0 }], "made by a test");
	t.equal(readZipEntry(commented, "a")?.toString(), "stored");
});

t.test("what can't be read is refused", async (t) => {
	t.throws(() => readZipEntry(Buffer.from("a page that says 404"), "a"), /not a zip/);
	t.throws(() => readZipEntry(archive, "c"), /method 12/);
});
