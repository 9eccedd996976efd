import t from "tap";
import { compose, type Frame } from "../../../daemon/tui/compose.ts";
import { type Dashboard, hear } from "../../../daemon/tui/dashboard.ts";
import { keyHelp } from "../../../daemon/tui/keys.ts";
import { layout, shares } from "../../../daemon/tui/layout.ts";
import { latencyPanel } from "../../../daemon/tui/panels/charts.ts";
import type { RunView } from "../../../daemon/tui/run-view.ts";
import { plainText, widthOf } from "../../../daemon/tui/text.ts";
import type { FaultInForce } from "../../../daemon/tui/wire.ts";
import { dashboard, faultInForce, kinds, recorded, runId, startMs } from "./recorded.ts";

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

/** The dashboard with kinds known and these faults in force. */
function breaking(state: Dashboard, faults: FaultInForce[], blocked = false): Dashboard {
	const { nowMs } = state;
	const heard = hear(state, { kind: "faults", now: { faults, blocked }, nowMs });
	return hear(heard, { kind: "kinds", kinds, nowMs });
}

t.test("at every size each line fits its rectangle, and each rectangle the screen", (t) => {
	const states = [dashboard(), dashboard(untilFaulting), dashboard(events)];
	const faults = ["a", "b", "c"].map((id) => faultInForce({ id }));
	const broken = breaking(dashboard(untilFaulting), faults, true);
	const modes = ["help", "choosing", "red button"] as const;
	const all = [...states, ...modes.map((mode) => ({ ...broken, mode }))];
	for (const size of sizes) {
		for (const state of all) {
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

t.test("what was accepted for such runs lies under the live curve", (t) => {
	const state = dashboard(recorded("on").slice(0, 30));
	const strokes = (accepted: RunView["accepted"]) => {
		const followed = { ...state.followed!, accepted };
		const { plot, readouts } = latencyPanel({ ...state, followed }, { width: 72, height: 12 });
		const told = (readouts ?? []).map((line) => plainText(line)).join(" ");
		return { dotted: plot!.strokes.filter(({ dotted }) => dotted).length, told };
	};
	const none = strokes([]);
	const response_us = { p50: 12_000, p99: 20_000 };
	const both = strokes([{ name: "orders", case: null, response_us }]);
	t.equal(both.dotted, none.dotted + 2);
	t.match(both.told, /accepted/);
	t.notMatch(none.told, /accepted/);
	const others = strokes([{ name: "orders", case: "another", response_us }]);
	t.equal(others.dotted, none.dotted, "of another case nothing is shown");
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
	const asking = { ...dashboard(untilFaulting), mode: "asking" as const };
	t.match(shown(compose(asking, size), size).join(" "), /End the\s+daemon\?/, "and what is asked");
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

t.test("the chooser shows kinds, places and times, and what Enter would inject", (t) => {
	const choosing = { ...breaking(dashboard(untilFaulting), []), mode: "choosing" as const };
	for (const size of sizes) {
		const rows = shown(compose(choosing, size), size);
		const text = rows.join("\n");
		t.match(text, /freeze +▶ postgres +5 s/);
		t.match(text, /▶ latency +redis +▶ 15 s/);
		t.match(text, "Enter latency on postgres for 15 s");
		t.match(text, /latencyMs 200 {2}\+- added delay, ms/);
		t.match(text, "answers come late");
		t.match(rows.at(-1), /Enter inject .*Esc leave/);
	}
	const waiting = { ...dashboard(), mode: "choosing" as const };
	t.match(shown(compose(waiting, sizes[0]!), sizes[0]!).join("\n"), "asking the daemon");
	t.end();
});

t.test("a kind that can't act here is shown last, with its reason", (t) => {
	const state = { ...breaking(dashboard(), []), mode: "choosing" as const };
	state.byHand.chooser.kind = "group-evicted";
	for (const size of sizes) {
		const text = shown(compose(state, size), size).join("\n");
		t.match(text, "not here: no path leads to kafka");
		t.notMatch(text, "Enter group-evicted");
		t.ok(text.indexOf("timeout") < text.indexOf("▶ group-evicted"));
	}
	t.end();
});

t.test("of more kinds than rows the chosen one is in sight, and the rest are counted", (t) => {
	const size = { width: 60, height: 18 };
	const many = Array.from({ length: 30 }, (_, i) => ({ ...kinds[1]!, kind: `kind-${i}` }));
	for (const kind of ["kind-0", "kind-1", "kind-15", "kind-28", "kind-29"]) {
		const state = { ...breaking(dashboard(), []), mode: "choosing" as const };
		state.byHand = { ...state.byHand, kinds: many };
		state.byHand.chooser = { ...state.byHand.chooser, kind };
		const rows = shown(compose(state, size), size);
		const of = rows.filter((row) => /│ [▶ ] kind-\d/.test(row)).length;
		const more = rows.flatMap((row) => /… (\d+) more/.exec(row)?.[1] ?? []).map(Number);
		t.equal(of + more.reduce((sum, n) => sum + n, 0), 30, kind);
		t.match(rows.join("\n"), `▶ ${kind} `);
	}
	t.end();
});

t.test("in a wide terminal the charts stay in view beside the chooser", (t) => {
	const plots = (width: number) => {
		const state = { ...breaking(dashboard(untilFaulting), []), mode: "choosing" as const };
		return compose(state, { width, height: 36 }).plots.map(({ id }) => id);
	};
	t.same(plots(120), ["latency", "rate"]);
	t.same(plots(80), [], "none is half covered");
	t.end();
});

t.test(
	"faults by hand are listed with the time they still last, the marked one at any size",
	(t) => {
		const faults = ["redis", "kafka", "db"].map((on) =>
			faultInForce({ id: on, on, healsInMs: 12_400 }),
		);
		let state = breaking(dashboard(untilFaulting), faults);
		state = hear(state, { kind: "tick", nowMs: state.nowMs + 3_000 });
		for (const size of sizes) {
			const text = shown(compose(state, size), size).join("\n");
			t.match(text, "▶ 9 s left: latency on db");
			if (size.width >= 120) t.match(text, "d heals ▶");
			const marked = { ...state, byHand: { ...state.byHand, marked: "redis" } };
			t.match(shown(compose(marked, size), size).join("\n"), "▶ 9 s left: latency on redis");
		}
		const big = { width: 200, height: 60 };
		const text = shown(compose(state, big), big).join("\n");
		t.match(text, "▷ 9 s left: latency on redis, by hand");
		t.match(text, "● timeout on db injected, proved", "the run's own beside them");
		t.end();
	},
);

t.test("a fault by hand that hit nothing, or can't be healed, says so", (t) => {
	const size = { width: 200, height: 60 };
	const textOf = (change: Partial<FaultInForce>) =>
		shown(compose(breaking(dashboard(), [faultInForce(change)]), size), size).join("\n");
	t.match(textOf({ state: "no_effect", provedMs: null }), "by hand, without effect");
	t.match(textOf({ state: "heal_failed" }), "by hand, NOT HEALED");
	t.match(textOf({ state: "injected", provedMs: null }), "by hand, effect not proved yet");
	t.end();
});

t.test(
	"a fault by hand in the run is listed once, and as its own record when it is healed",
	(t) => {
		const size = { width: 200, height: 60 };
		const { id, ...rest } = dashboard(untilFaulting).followed!.faults[0]!;
		const own = faultInForce({ ...rest, id });
		const rightOf = (state: Dashboard) =>
			compose(state, size)
				.texts.find((text) => text.id === "faults")!
				.lines.map(plainText)
				.filter((line) => line.includes("timeout on db"));
		t.match(rightOf(breaking(dashboard(untilFaulting), [own])), [
			/^▶ 12 s left: timeout on db, by/,
		]);
		t.match(rightOf(breaking(dashboard(untilFaulting), [])), [/^● timeout on db injected/]);
		t.end();
	},
);

t.test("the header says that a fault by hand is in force, whatever is followed", (t) => {
	for (const size of sizes) {
		const meaning = (state: Dashboard) => shown(compose(state, size), size)[2];
		const faults = [faultInForce()];
		t.match(meaning(breaking(dashboard(), faults)), "latency on postgres injected");
		t.match(meaning(breaking(dashboard(events), faults)), "latency on postgres injected");
		t.match(meaning(breaking(dashboard(), [])), "no run yet");
	}
	t.end();
});

t.test("while new faults are blocked each screen says so, and with which key it ends", (t) => {
	for (const size of sizes) {
		for (const events of [[], untilFaulting, recorded("off")]) {
			const rows = shown(compose(breaking(dashboard(events), [], true), size), size);
			t.match(rows[2], /^ BLOCKED: u lets runs and faults in again /);
			t.match(rows.at(-1), /u unblock/);
			t.notMatch(shown(compose(breaking(dashboard(events), []), size), size)[2], "BLOCKED");
		}
	}
	t.end();
});

t.test("the red button's question stands in the last line, whole", (t) => {
	for (const size of sizes) {
		const asking = { ...dashboard(untilFaulting), mode: "red button" as const };
		t.match(
			shown(compose(asking, size), size).at(-1),
			"Heal everything, stop every run, block new ones?  y/n",
		);
	}
	t.end();
});

t.test("what heals is in the last line while there is something to heal, at every width", (t) => {
	const lastLine = (state: Dashboard, size: (typeof sizes)[number]) =>
		shown(compose(state, size), size).at(-1);
	for (const size of sizes) {
		const broken = breaking(dashboard(), [faultInForce()]);
		t.match(lastLine(broken, size), /Enter start .*f fault .*d heal .*H heal all .*q end/);
		t.notMatch(lastLine(breaking(dashboard(), []), size), "heal");
		t.match(lastLine(breaking(dashboard(), []), size), /f fault/);
		const running = breaking(dashboard(untilFaulting), [faultInForce()]);
		t.match(lastLine(running, size), /x stop .*d heal .*q end/);
	}
	t.end();
});

t.test("in 80 columns the help tells every key in full", (t) => {
	const size = { width: 80, height: 24 };
	const help = { ...dashboard(), mode: "help" as const };
	const text = shown(compose(help, size), size).join("\n");
	for (const [key, what] of keyHelp) t.match(text, `${key.padEnd(12)}${what}`);
	t.end();
});

t.test("what comes on demand is shown while it is there, and is no fault where it is not", (t) => {
	const size = { width: 100, height: 50 };
	const none = { how: null, version: null, direct: null, tried: null, fix: null };
	const components = [
		{ ...none, name: "redis", state: "up", version: "6.2" },
		{ ...none, name: "kafka", state: "missing", tried: "java", fix: "install it" },
		{ ...none, name: "s3", state: "off" },
	];
	const seen = (change: object) =>
		shown(compose({ ...dashboard(), components, ...change }, size), size).join("\n");
	t.match(seen({}), /● redis 6\.2 {3}✗ kafka missing/);
	t.notMatch(seen({}), "s3");
	t.match(seen({ mode: "help" }), /kafka is missing: java; install it/);
	t.match(seen({ mode: "help" }), /Come when a run needs them: s3\./);
	const there = components.map((one) => (one.name === "s3" ? { ...one, state: "up" } : one));
	t.match(seen({ components: there }), "● s3");
	t.end();
});
