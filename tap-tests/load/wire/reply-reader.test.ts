import fc from "fast-check";
import t from "tap";
import { ReplyReader } from "../../../load/wire/reply-reader.ts";
import { RedisReplyError, type RedisValue } from "../../../load/wire/resp.ts";
import { anyCharacter } from "../../any-character.ts";

/** Reads the pieces as they would come in, one buffer used again for each. */
function read(pieces: Buffer[], keep: boolean): (RedisValue | "passed over")[] {
	const reader = new ReplyReader();
	const shared = Buffer.alloc(1 << 16, "x");
	const replies: (RedisValue | "passed over")[] = [];
	for (const piece of pieces) {
		piece.copy(shared);
		let at = 0;
		while (at < piece.length) {
			at = reader.read(shared, at, piece.length, keep);
			if (at === -1) break;
			replies.push(keep || reader.isError ? reader.value() : "passed over");
		}
	}
	return replies;
}

const line = fc.stringMatching(/^[A-Z][ -~]{0,30}$/);
const reply = fc.letrec<{ reply: [string, unknown] }>((tie) => ({
	reply: fc.oneof(
		{ depthSize: "small" },
		line.map((text): [string, unknown] => [`+${text}\r\n`, text]),
		fc.integer().map((n): [string, unknown] => [`:${n}\r\n`, n]),
		fc.constant<[string, unknown]>(["$-1\r\n", null]),
		fc.constant<[string, unknown]>(["*-1\r\n", null]),
		fc
			.string({ unit: anyCharacter, maxLength: 60 })
			.map((text): [string, unknown] => [`$${Buffer.byteLength(text)}\r\n${text}\r\n`, text]),
		fc
			.array(tie("reply"), { maxLength: 4 })
			.map((all): [string, unknown] => [
				`*${all.length}\r\n${all.map(([written]) => written).join("")}`,
				all.map(([, value]) => value),
			]),
	),
})).reply;

t.test("wherever replies are cut, their values come out, or are passed over", async (t) => {
	fc.assert(
		fc.property(
			fc.array(
				fc.oneof(
					reply,
					line.map((text): [string, unknown] => [`-${text}\r\n`, text]),
				),
				{
					maxLength: 5,
				},
			),
			fc.array(fc.nat(), { maxLength: 12 }),
			(replies, cuts) => {
				const whole = Buffer.from(replies.map(([written]) => written).join(""));
				const places = [0, ...cuts.map((at) => at % (whole.length + 1)), whole.length];
				places.sort((a, b) => a - b);
				const pieces = places.slice(1).map((end, i) => whole.subarray(places[i], end));
				const plain = (value: unknown) =>
					value instanceof RedisReplyError ? value.message : value;
				const expected = JSON.stringify(replies.map(([, value]) => value));
				const seen = JSON.stringify(read(pieces, true).map(plain));
				if (seen !== expected) throw new Error(`${seen}, not ${expected}`);
				const passed = read(pieces, false).map(plain);
				for (const [i, [written, value]] of replies.entries())
					if (passed[i] !== (written.startsWith("-") ? value : "passed over"))
						throw new Error(`reply ${i}: ${passed[i]}`);
				if (passed.length !== replies.length) throw new Error(`${passed.length} replies`);
			},
		),
	);
	t.pass();
});

t.test("however large a reply, its bytes are copied three times at most, or never", async (t) => {
	const piece = 16 * 1024;
	const string = (length: number) => `$${length}\r\n${"v".repeat(length)}\r\n`;
	const rows: [what: string, whole: Buffer][] = [
		["a string of 4 MB", Buffer.from(string(4 << 20))],
		["4 MB in small ones", Buffer.from(`*200000\r\n${string(14).repeat(200_000)}`)],
	];
	for (const [what, whole] of rows)
		for (const keep of [true, false]) {
			const pieces = Array.from({ length: Math.ceil(whole.length / piece) }, (_, i) =>
				whole.subarray(i * piece, (i + 1) * piece),
			);
			const copies = t.capture(Buffer.prototype, "copy", Buffer.prototype.copy);
			const concats = t.capture(Buffer, "concat", Buffer.concat);
			const reader = new ReplyReader();
			const ends = pieces.map((bytes) => reader.read(bytes, 0, bytes.length, keep));
			const copied = copies().reduce(
				(sum, result) => sum + ("returned" in result ? Number(result.returned) : 0),
				0,
			);
			t.equal(concats().length, 0, what);
			copies.restore();
			concats.restore();
			t.same(new Set(ends.slice(0, -1)), new Set([-1]), what);
			t.equal(ends.at(-1), pieces.at(-1)!.length, what);
			t.ok(copied <= (keep ? 3 : 0) * whole.length, `${what}: ${copied} bytes of ${whole.length}`);
		}
});

t.test("what is no reply is refused, wherever it is cut", async (t) => {
	for (const pieces of [["HTTP/1.1 400"], ["$1", "x\r\n"], ["*1\r\n$", "1\r\na\r\n", "%"]])
		t.throws(
			() =>
				read(
					pieces.map((piece) => Buffer.from(piece)),
					false,
				),
			{ code: "bad_response", message: /expected a reply|no number/ },
			JSON.stringify(pieces),
		);
});
