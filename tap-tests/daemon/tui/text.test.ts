import t from "tap";
import { durationText, latencyText, rateText } from "../../../daemon/text/numbers.ts";
import { clean, ends, fit, plainText, span, wrap } from "../../../daemon/tui/text.ts";
import { themeFor } from "../../../daemon/tui/theme.ts";

t.test("a line is cut or filled to its width", (t) => {
	t.equal(plainText(fit([span("abc"), span("def")], 8)), "abcdef  ");
	t.equal(plainText(fit([span("abc"), span("def")], 5)), "abcd…");
	t.equal(
		plainText(fit([span("abc"), span("def")], 3)),
		"ab…",
		"a piece that falls away is seen to",
	);
	t.equal(plainText(ends([span("left side")], [span("right")], 12)), "left … right");
	t.end();
});

t.test("text is wrapped at words, and long words are broken", (t) => {
	t.same(wrap("of 244 accepted orders", 12), ["of 244", "accepted", "orders"]);
	t.same(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
	t.end();
});

t.test("foreign text keeps one column a character and no control characters", (t) => {
	t.equal(clean("\x1b[31mred\x1b[0m\ttab"), "red  tab");
	t.equal(clean("日本 e\u0301"), "?? e");
	t.end();
});

t.test("numbers carry their units and no more digits than they have", (t) => {
	for (const [ms, text] of [
		[null, "–"],
		[0.84, "0.8 ms"],
		[12.44, "12.4 ms"],
		[250.4, "250 ms"],
		[999.7, "1 s"],
		[2_610, "2.61 s"],
	] as const) {
		t.equal(latencyText(ms), text);
	}
	t.equal(durationText(9_999), "9 s");
	t.equal(durationText(125_000), "2 min 05 s");
	t.equal(durationText(3_720_000), "1 h 02 min");
	t.equal(rateText(0), "0");
	t.equal(rateText(12_400), "12.4k");
	t.end();
});

t.test("with NO_COLOR there is bold and inverse, and no colour", (t) => {
	const line = [span("a", "bad"), span("b", "inverse"), span("c", "good")];
	t.equal(themeFor(256, true).paint(line), "\x1b[1ma\x1b[0m\x1b[7mb\x1b[0mc");
	t.equal(themeFor(256, true).strokeColour("bad"), "normal");
	t.match(themeFor(8, false).paint(line), "\x1b[31ma");
	t.end();
});
