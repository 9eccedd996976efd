import t from "tap";
import { compose, type Frame } from "../../../daemon/tui/compose.ts";
import { hear } from "../../../daemon/tui/dashboard.ts";
import { layout, shares } from "../../../daemon/tui/layout.ts";
import { plainText, widthOf } from "../../../daemon/tui/text.ts";
import { dashboard, recorded, runId, startMs } from "./recorded.ts";

const sizes = [
	{ width: 80, height: 24 },
	{ width: 120, height: 36 },
	{ width: 200, height: 60 },
	{ width: 60, height: 18 },
];
const events = recorded("off");
const untilFaulting = events.slice(0, 20);

/** The text of a frame as a terminal would show it, without its plots. */
function shown(frame: Frame, { width, height }: { width: number; height: number }): string[] {
	const rows = Array.from({ length: height }, () => " ".repeat(width));
	for (const { rect, lines } of frame.texts) {
		for (const [i, line] of lines.entries()) {
			const row = rows[rect.top + i] ?? "";
			rows[rect.top + i] =
				row.slice(0, rect.left) + plainText(line) + row.slice(rect.left + rect.width);
		}
	}
	return rows;
}

t.test("at every size each line fits its rectangle, and each rectangle the screen", (t) => {
	const states = [dashboard(), dashboard(untilFaulting), dashboard(events)];
	for (const size of sizes) {
		for (const state of [...states, { ...dashboard(events), mode: "help" as const }]) {
			const { texts, plots } = compose(state, size);
			for (const { id, rect, lines } of texts) {
				t.equal(lines.length, rect.height, `${id} rows`);
				for (const line of lines)
					if (widthOf(line) !== rect.width) t.fail(`${id}: ${plainText(line)}`);
			}
			for (const { rect } of [...texts, ...plots]) {
				t.ok(rect.left >= 0 && rect.left + rect.width <= size.width);
				t.ok(rect.top >= 0 && rect.top + rect.height <= size.height);
			}
			for (const { rect, strokes } of plots) {
				const dots = strokes.flatMap((stroke) => stroke.points);
				t.ok(dots.every(([x, y]) => x >= 0 && x < 2 * rect.width && y >= 0 && y < 4 * rect.height));
			}
		}
	}
	t.end();
});

t.test("during a fault the screen says which, since when, and what it does", (t) => {
	for (const size of sizes) {
		const text = shown(compose(dashboard(untilFaulting), size), size).join("\n");
		t.match(text, "[faulting]");
		t.match(
			text,
			/timeout on db injected, proved after 208 ms {3}alert orders-not-accepted|timeout on db injected/,
		);
		t.match(text, /├─/, "the fault window is marked under the chart");
		t.match(text, "retry-storm");
	}
	t.end();
});

t.test("a finished run shows its verdict and its failed checks first", (t) => {
	const size = { width: 120, height: 36 };
	const text = shown(compose(dashboard(events), size), size).join("\n");
	t.match(text, "FAILED");
	t.match(text, "3 of 5 failed");
	t.ok(text.indexOf("FAILED retry-amplification") < text.indexOf("ok     rows-match"));
	t.end();
});

t.test("a daemon that is away is said on every screen", (t) => {
	const nowMs = startMs + 3_000;
	let state = hear(dashboard(events), {
		kind: "away",
		message: "fetch failed",
		refused: true,
		nowMs,
	});
	state = hear(state, { kind: "tick", nowMs: nowMs + 7_000 });
	for (const size of sizes) {
		const text = shown(compose(state, size), size).join("\n");
		t.match(text, "the daemon has not answered for 7 s, trying again");
	}
	t.end();
});

t.test("the question stands in the last line", (t) => {
	const size = { width: 120, height: 36 };
	const asking = { ...dashboard(untilFaulting), mode: "asking" as const };
	t.match(
		shown(compose(asking, size), size).at(-1),
		/End the daemon\? Its faults are healed first\. {2}y\/n/,
	);
	t.end();
});

t.test("the keys that steer stand in the last line while a load runs, at every width", (t) => {
	const lastLine = (state: Parameters<typeof compose>[0], size: (typeof sizes)[number]) =>
		shown(compose(state, size), size).at(-1);
	const running = dashboard(untilFaulting);
	const change = { paused: true };
	const paused = hear(running, { kind: "steered", runId, load: "orders", change, nowMs: startMs });
	for (const size of sizes) {
		t.match(lastLine(running, size), /\+- rate 240\/s {2}p pause .*q end/, `${size.width}`);
		t.match(lastLine(paused, size), /\+- rate 240\/s {2}p go on .*q end/);
		t.notMatch(lastLine(dashboard(events), size), "rate");
	}
	t.end();
});

t.test("an unchanged state composes the same frame, so that nothing is written", (t) => {
	const size = { width: 120, height: 36 };
	t.same(compose(dashboard(events), size), compose(dashboard(events), size));
	t.end();
});

t.test("a terminal that is too small is told so", (t) => {
	const size = { width: 40, height: 10 };
	t.equal(layout(size), null);
	t.match(shown(compose(dashboard(events), size), size)[0], "too small: 40x10");
	t.end();
});

t.test("rows are shared out to the last one, and no part is below its least", (t) => {
	const parts = [
		{ least: 6, weight: 11 },
		{ least: 5, weight: 8 },
		{ least: 2, weight: 8 },
	];
	for (let total = 13; total < 80; total++) {
		const rows = shares(total, parts);
		t.equal(
			rows.reduce((sum, row) => sum + row, 0),
			total,
		);
		t.ok(rows.every((row, i) => row >= (parts[i]?.least ?? 0)));
	}
	t.end();
});
