import fc from "fast-check";
import t from "tap";
import {
	afterEvent,
	noTimeYet,
	noteOf,
	provenMs,
	type Timed,
	watermarkIn,
	whileQuiet,
} from "../../../../scenarios/subjects/streams/watermark.ts";

t.test("an event proves its own time, but none that lies after it was received", (t) => {
	t.equal(provenMs({ atMs: 5, receivedMs: 9 }), 5);
	t.equal(provenMs({ atMs: 600_009, receivedMs: 9 }), 9, "a clock that is ahead");
	t.equal(afterEvent(noTimeYet, { atMs: 100, receivedMs: 120 }, 30), 70);
	t.equal(afterEvent(90, { atMs: 100, receivedMs: 120 }, 30), 90, "it never goes back");
	t.end();
});

t.test(
	"a quiet partition takes the greatest of the others, less what partitions lie apart",
	(t) => {
		t.equal(whileQuiet(10, [50, noTimeYet, 80], 20), 60);
		t.equal(whileQuiet(70, [50, 80], 20), 70);
		t.equal(whileQuiet(noTimeYet, [noTimeYet], 20), noTimeYet);
		t.equal(whileQuiet(10, [], 20), 10);
		t.end();
	},
);

t.test("a watermark stands beside an offset as text, and one that is none yet too", (t) => {
	for (const ms of [0, 1_767_571_200_000, noTimeYet]) t.equal(watermarkIn(noteOf(ms)), ms);
	t.equal(watermarkIn(null), noTimeYet, "an offset that somebody else committed");
	t.end();
});

/** What happens next: an event comes, is read on its partition, or a partition looks at the others. */
const step = fc.oneof(
	fc.record({
		does: fc.constant("comes" as const),
		partition: fc.nat(2),
		afterMs: fc.oneof(fc.constant(0), fc.nat(40)),
		delayMs: fc.oneof(fc.constant(100), fc.nat(100)),
		aheadMs: fc.oneof(fc.constant(0), fc.nat(1_000)),
	}),
	fc.record({ does: fc.constant("is read" as const), partition: fc.nat(2) }),
	fc.record({ does: fc.constant("looks" as const), partition: fc.nat(2) }),
);

type Steps = (typeof step extends fc.Arbitrary<infer S> ? S : never)[];

const [delayMsMax, skewMs] = [100, 30];

/** The first event that is behind its partition's watermark as it is read; null where none is. */
function firstBehind(
	steps: Steps,
	{ looksWithEventsLeft = false, skewKnownMs = skewMs, proven = (event: Timed) => event } = {},
): Timed | null {
	let clockMs = 1_000;
	const logs: Timed[][] = [[], [], []];
	const read = [0, 0, 0];
	const watermarks = [noTimeYet, noTimeYet, noTimeYet];
	for (const one of steps) {
		const { partition: p } = one;
		switch (one.does) {
			case "comes": {
				clockMs += one.afterMs;
				// Received a little earlier on the later partitions, as seen from the log.
				const receivedMs = clockMs - p * (skewMs / 2);
				logs[p]!.push({ atMs: receivedMs - one.delayMs + one.aheadMs, receivedMs });
				break;
			}
			case "is read": {
				const event = logs[p]![read[p]!];
				if (event === undefined) break;
				read[p]! += 1;
				if (event.atMs < watermarks[p]!) return event;
				watermarks[p] = afterEvent(watermarks[p]!, proven(event), delayMsMax);
				break;
			}
			case "looks":
				if (looksWithEventsLeft || read[p] === logs[p]!.length)
					watermarks[p] = whileQuiet(watermarks[p]!, watermarks, skewKnownMs);
				break;
			default:
				one satisfies never;
		}
	}
	return null;
}

t.test("no event is ever behind its watermark, whoever reads when and looks when", (t) => {
	const scripts = fc.array(step, { minLength: 40, maxLength: 120 });
	const finds = (...bad: [Parameters<typeof firstBehind>[1]?]) =>
		fc.check(
			fc.property(scripts, (steps) => firstBehind(steps, ...bad) === null),
			{ numRuns: 1_000 },
		).failed;
	t.notOk(finds(), "with everything that it needs");
	t.ok(finds({ looksWithEventsLeft: true }), "one that looks before it has read all it has");
	t.ok(finds({ skewKnownMs: 0 }), "one that takes all partitions for even");
	t.ok(
		finds({ proven: ({ atMs }) => ({ atMs, receivedMs: atMs }) }),
		"one that believes every clock",
	);
	t.end();
});
