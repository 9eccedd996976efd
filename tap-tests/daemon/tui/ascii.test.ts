import t from "tap";
import { asciiLine, asciiPlot, showsUnicode } from "../../../daemon/tui/ascii.ts";
import { compose } from "../../../daemon/tui/compose.ts";
import { plainText, span, widthOf } from "../../../daemon/tui/text.ts";
import { dashboard, recorded } from "./recorded.ts";

t.test("a locale that names another charset gets ASCII; none at all does not", (t) => {
	const rows: [env: NodeJS.ProcessEnv, unicode: boolean][] = [
		[{}, true],
		[{ LANG: "" }, true],
		[{ LANG: "C" }, false],
		[{ LANG: "POSIX" }, false],
		[{ LANG: "de_DE.ISO-8859-1" }, false],
		[{ LANG: "C.UTF-8" }, true],
		[{ LANG: "de_DE.utf8" }, true],
		[{ LANG: "de_DE.UTF-8", LC_ALL: "C" }, false],
		[{ LANG: "C", LC_CTYPE: "en_US.UTF-8" }, true],
	];
	for (const [env, unicode] of rows) t.equal(showsUnicode(env), unicode, JSON.stringify(env));
	t.end();
});

t.test("every line of the dashboard has a form in ASCII, as wide, with nothing unknown", (t) => {
	const state = dashboard(recorded("off"));
	for (const mode of ["normal", "help", "choosing"] as const)
		for (const { lines } of compose({ ...state, mode }, { width: 120, height: 36 }).texts)
			for (const line of lines) {
				const ascii = plainText(asciiLine(line));
				t.equal(ascii.length, widthOf(line));
				t.match(ascii, /^[\x20-\x7e]*$/);
				t.equal(/\?/.test(ascii), /\?/.test(plainText(line)), plainText(line));
			}
	t.equal(plainText(asciiLine([span("naïve 水")])), "na?ve ?");
	t.end();
});

t.test("a plot in letters has its strokes where the dots would be", (t) => {
	const stroke = (points: [number, number][], dotted = false) => ({
		tone: "plain" as const,
		dotted,
		points,
	});
	const plot = (...strokes: ReturnType<typeof stroke>[]) =>
		asciiPlot(strokes, { width: 6, height: 3 }).map((line) => plainText(line));
	const level = plot(
		stroke([
			[0, 5],
			[11, 5],
		]),
	);
	t.same(level, ["      ", "------", "      "]);
	const upright: [number, number][] = [
		[4, 0],
		[4, 11],
	];
	t.same(plot(stroke(upright)), ["  |   ", "  |   ", "  |   "]);
	t.same(plot(stroke(upright, true)), ["  :   ", "  :   ", "  :   "]);
	const low: [number, number][] = [
		[0, 11],
		[11, 11],
	];
	const begin: [number, number][] = [
		[0, 8],
		[3, 8],
	];
	t.same(plot(stroke(low)).at(-1), "______");
	t.same(plot(stroke(low), stroke(begin, true)).at(-1), "..____", "the later one lies over it");
	const outside = plot(stroke([[90, 90]]), stroke([]));
	t.same(outside, ["      ", "      ", "      "], "what lies outside is left out");
	t.end();
});
