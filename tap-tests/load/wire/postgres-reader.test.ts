import t from "tap";
import { PostgresReader } from "../../../load/wire/postgres-reader.ts";

const row = "D".charCodeAt(0);

function message(type: string, body: Buffer | string): Buffer {
	const bytes = Buffer.from(body);
	const head = Buffer.alloc(5, type);
	head.writeInt32BE(bytes.length + 4, 1);
	return Buffer.concat([head, bytes]);
}

function readerOf(wants: (type: number) => boolean = () => true) {
	const seen: string[] = [];
	const reader = new PostgresReader({
		wants,
		message: (type, bytes, start, end) =>
			seen.push(String.fromCharCode(type) + bytes.toString("latin1", start, end)),
	});
	return { reader, seen };
}

/** Reads pieces of this length out of one buffer that is used again, as a socket does. */
function readInPieces(reader: PostgresReader, bytes: Buffer, pieceBytes: number): void {
	const buffer = Buffer.alloc(pieceBytes);
	for (let at = 0; at < bytes.length; at += pieceBytes)
		reader.read(buffer, bytes.copy(buffer, 0, at, at + pieceBytes));
}

t.test("messages are the same in pieces of any length", async (t) => {
	const bytes = Buffer.concat([
		message("1", ""),
		message("D", "a".repeat(40)),
		message("C", "SELECT 1\0"),
		message("D", ""),
		message("Z", "I"),
	]);
	const expected = ["1", `D${"a".repeat(40)}`, "CSELECT 1\0", "D", "ZI"];
	for (let pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes++) {
		const { reader, seen } = readerOf();
		readInPieces(reader, bytes, pieceBytes);
		t.same(seen, expected, `${pieceBytes} bytes at once`);
	}
});

t.test("no byte is copied twice, however long a message is and however small its pieces", (t) => {
	for (const bodyBytes of [100_000, 1_000_000]) {
		const bytes = Buffer.concat([message("D", Buffer.alloc(bodyBytes, "x")), message("Z", "I")]);
		const { reader, seen } = readerOf();
		readInPieces(reader, bytes, 1_000);
		t.equal(seen[0]?.length, 1 + bodyBytes);
		t.equal(seen[1], "ZI");
		t.ok(reader.copiedBytes <= bytes.length, `${reader.copiedBytes} of ${bytes.length} bytes`);
	}
	t.end();
});

t.test("what nobody wants, and what comes whole, is not copied at all", (t) => {
	const small = Buffer.concat(Array.from({ length: 1_000 }, () => message("D", "x".repeat(11))));
	const whole = readerOf();
	readInPieces(whole.reader, small, 16_000);
	t.equal(whole.seen.length, 1_000);
	t.equal(whole.reader.copiedBytes, 0);
	const passed = readerOf((type) => type !== row);
	const long = Buffer.concat([message("D", Buffer.alloc(1_000_000)), message("Z", "I")]);
	readInPieces(passed.reader, long, 1_000);
	t.same(passed.seen, ["ZI"]);
	t.ok(passed.reader.copiedBytes < 10, "no more than the head of the last message");
	t.end();
});

t.test("a length that no message can have is refused", (t) => {
	for (const head of ["HTTP/1.1 400", "Z\0\0\0\x03"]) {
		const { reader } = readerOf();
		t.throws(() => reader.read(Buffer.from(head, "latin1"), head.length), /no Postgres server/);
	}
	t.end();
});
