import fc from "fast-check";
import t, { type Test } from "tap";
import { Gate, type Kind } from "../../../../scenarios/streams/backlog-replay/gate.ts";
import {
	type Grant,
	gateLines,
	outOfTurnCount,
	peakCount,
} from "../../../../scenarios/streams/backlog-replay/grants.ts";

/** The library's bucket reads the time by itself: this is the time that it reads. */
function clockOf(t: Test): { nowMs: number } {
	const clock = { nowMs: 0 };
	t.capture(performance, "now", () => clock.nowMs);
	return clock;
}

/** A gate, and what has gone through it. */
function opened(clock: { nowMs: number }, options: ConstructorParameters<typeof Gate>[0]) {
	const gate = new Gate(options);
	const grants: Grant[] = [];
	let ids = 0;
	const ask = (kind: Kind, count: number) => {
		const askedAtMs = clock.nowMs;
		const id = ids++;
		gate.ask({
			kind,
			count,
			start: () =>
				void grants.push({ is: "granted", id, kind, count, askedAtMs, atMs: clock.nowMs }),
		});
	};
	/** As its process does: it comes back when the gate says so, or `lateMs` after. */
	const runUntil = (untilMs: number, lateMs = 0) => {
		for (;;) {
			const waitMs = gate.advance();
			if (waitMs === null || clock.nowMs + waitMs + lateMs > untilMs) break;
			clock.nowMs += waitMs + lateMs;
		}
		clock.nowMs = untilMs;
		gate.advance();
	};
	return { gate, grants, ask, runUntil };
}

const safe = { safePerSec: 1_000, batch: 10 };

t.test("no second has more than what is safe and 2 %, and a replay alone has nearly that", (t) => {
	const clock = clockOf(t);
	const { grants, ask, runUntil } = opened(clock, safe);
	for (let n = 0; n < 500; n++) ask("replay", 10);
	runUntil(5_000);
	t.ok(peakCount(grants, 1_000) <= 1_020);
	const sum = grants.reduce((all, { count }) => all + count, 0);
	t.ok(sum >= 4_900, `${sum} of 5,000 that are safe`);
	t.end();
});

t.test("timers that are late by some milliseconds cost the replay nothing", (t) => {
	const clock = clockOf(t);
	const { grants, ask, runUntil } = opened(clock, safe);
	for (let n = 0; n < 500; n++) ask("replay", 10);
	runUntil(5_000, 3);
	const sum = grants.reduce((all, { count }) => all + count, 0);
	t.ok(sum >= 4_800, `${sum} of 5,000 that are safe`);
	t.ok(peakCount(grants, 1_000) <= 1_020);
	t.end();
});

t.test("live writes go before a replay that has waited for longer", (t) => {
	const clock = clockOf(t);
	const { grants, ask, runUntil } = opened(clock, safe);
	runUntil(100);
	for (let n = 0; n < 10; n++) ask("replay", 10);
	runUntil(110);
	ask("live", 1);
	runUntil(110);
	t.equal(grants.at(-1)?.kind, "live", "it goes at once");
	runUntil(300);
	t.equal(outOfTurnCount(grants), 0);
	t.end();
});

t.test("a gate that is open lets everything through at once", (t) => {
	const { grants, ask, runUntil } = opened(clockOf(t), { safePerSec: null, batch: 10 });
	for (let n = 0; n < 1_000; n++) ask("replay", 10);
	runUntil(0);
	t.equal(peakCount(grants, 1_000), 10_000);
	t.end();
});

t.test("batches that are larger than was said are refused", (t) => {
	const { ask } = opened(clockOf(t), safe);
	t.throws(() => ask("replay", 11), { message: /11 messages are more than the 10 that go as one/ });
	t.throws(() => new Gate({ safePerSec: 10, batch: 10 }), { message: /make batches smaller/ });
	t.end();
});

const asks = fc.array(
	fc.record({
		kind: fc.constantFrom<Kind>("live", "replay", "replay"),
		afterMs: fc.nat(60),
		lateMs: fc.nat(40),
	}),
	{ minLength: 1, maxLength: 150 },
);

t.test(
	"whoever asks whenever, and however late timers are, the bound holds and live is first",
	(t) => {
		const clock = clockOf(t);
		fc.assert(
			fc.property(asks, fc.integer({ min: 30, max: 2_000 }), (all, safePerSec) => {
				clock.nowMs = 0;
				const { grants, ask, runUntil } = opened(clock, { safePerSec, batch: 10 });
				for (const { kind, afterMs, lateMs } of all) {
					runUntil(clock.nowMs + afterMs, lateMs);
					ask(kind, kind === "live" ? 1 : 10);
				}
				runUntil(clock.nowMs + 20_000);
				const everything = grants.length === all.length;
				return (
					everything &&
					peakCount(grants, 1_000) <= 1.02 * safePerSec &&
					outOfTurnCount(grants) === 0
				);
			}),
		);
		t.end();
	},
);

/** By the definition: for each grant, all that went in the second that ends with it. */
const peakByDefinition = (grants: { atMs: number; count: number }[], windowMs: number) =>
	Math.max(
		0,
		...grants.map(({ atMs }) =>
			grants
				.filter((other) => other.atMs <= atMs && other.atMs > atMs - windowMs)
				.reduce((sum, { count }) => sum + count, 0),
		),
	);

t.test("the peak of any window is what its definition says", (t) => {
	const some = fc.array(fc.record({ atMs: fc.nat(5_000), count: fc.integer({ min: 1, max: 50 }) }));
	fc.assert(
		fc.property(some, fc.integer({ min: 1, max: 2_000 }), (grants, windowMs) => {
			const sorted = grants.toSorted((a, b) => a.atMs - b.atMs);
			// Of several at one instant the last has them all in its window.
			return peakCount(sorted, windowMs) === peakByDefinition(sorted, windowMs);
		}),
	);
	t.end();
});

const grant = (kind: Kind, askedAtMs: number, atMs: number): Grant => ({
	is: "granted",
	id: atMs,
	kind,
	count: 1,
	askedAtMs,
	atMs,
});

t.test("a batch that went while a live write waited is out of turn", (t) => {
	const rows: [grants: Grant[], count: number, why: string][] = [
		[[grant("replay", 0, 10), grant("live", 11, 12)], 0, "it came later"],
		[[grant("replay", 0, 10), grant("live", 9, 12)], 1, "it had come before"],
		[[grant("live", 9, 9), grant("replay", 0, 10)], 0, "it had gone by then"],
		[
			[grant("replay", 0, 10), grant("replay", 0, 11), grant("live", 5, 12)],
			2,
			"two went before it",
		],
	];
	for (const [grants, count, why] of rows) t.equal(outOfTurnCount(grants), count, why);
	t.end();
});

t.test("the last line of a killed gate may be torn", (t) => {
	const whole = [grant("live", 1, 2)];
	t.same(gateLines(`${JSON.stringify(whole[0])}\n{"is":"gr`), whole);
	t.end();
});
