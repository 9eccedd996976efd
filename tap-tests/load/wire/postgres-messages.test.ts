import t from "tap";
import { errorOf, parseMessage, rowOf, runMessages } from "../../../load/wire/postgres-messages.ts";

const hex = (text: string) => Buffer.from(text, "latin1").toString("hex");

t.test("null goes out as NULL, the empty text as a text, and lengths count bytes", async (t) => {
	const run = Buffer.from(runMessages("s", [null, "", "é€"]), "latin1");
	const values = run.subarray(5 + "\0s\0\0\0".length, 1 + run.readInt32BE(1) - 2);
	t.equal(values.toString("hex"), `0003${"ffffffff"}${"00000000"}${"00000005"}c3a9e282ac`);
	t.equal(
		run.subarray(1 + run.readInt32BE(1)).toString("latin1"),
		"E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04",
	);
	t.equal(hex(parseMessage("s", "é")), hex("P\0\0\0\x0b" + "s\0" + "\xc3\xa9\0" + "\0\0"));
});

t.test("a row's columns are told apart: NULL, the empty text, and what follows them", async (t) => {
	const column = (text: string | null) => {
		const length = Buffer.alloc(4);
		length.writeInt32BE(text === null ? -1 : Buffer.byteLength(text));
		return Buffer.concat([length, Buffer.from(text ?? "")]);
	};
	const columns = ["a", null, null, "", "é"];
	const body = Buffer.concat([Buffer.of(9, 0, columns.length), ...columns.map(column)]);
	t.same(rowOf(body, 1), columns);
});

t.test("an error's severity is the one that is in no language", async (t) => {
	const error = errorOf(Buffer.from("SFEHLER\0VERROR\0C42601\0Mno\0Rf\0\0"));
	t.match(error, { severity: "ERROR", code: "42601", message: "no", routine: "f" });
	t.equal(errorOf(Buffer.from("SFATAL\0Mno\0\0")).severity, "FATAL", "before 9.6");
});
