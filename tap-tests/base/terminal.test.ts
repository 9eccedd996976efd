import t from "tap";
import { forTerminal } from "../../base/terminal.ts";

t.test("nothing in a text is obeyed by a terminal, and its lines remain", async (t) => {
	t.equal(
		forTerminal("a\tb\n\x1b[2J\x9b31m\r\u202ec\x07\x7f é 漢 😀\n"),
		"a\tb\n\\u001b[2J\\u009b31m\\u000d\\u202ec\\u0007\\u007f é 漢 😀\n",
	);
});

t.test(
	"each sign that is obeyed is written out, from the first of a range to the last",
	async (t) => {
		const ranges = [
			[0, 8],
			[0x0b, 0x1f],
			[0x7f, 0x9f],
			[0x200e, 0x200f],
			[0x202a, 0x202e],
			[0x2066, 0x2069],
		] as const;
		const isObeyed = (code: number) => ranges.some(([from, to]) => code >= from && code <= to);
		const all = Array.from({ length: 0x2100 }, (_, code) => code);
		const written = all.filter((code) => forTerminal(String.fromCharCode(code)).length === 6);
		t.same(written, all.filter(isObeyed));
	},
);

t.test("JSON stays the same JSON", async (t) => {
	const value = { text: "\x1b[31m\x9b\u202e", n: 1 };
	const safe = forTerminal(JSON.stringify(value));
	t.same(JSON.parse(safe), value);
	t.notMatch(safe, /[\x7f-\x9f\u202e]/);
});
