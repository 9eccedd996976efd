import fc from "fast-check";
import t from "tap";
import { fifoPool } from "../../load/bench/simulated/targets.ts";
import { trial } from "../../load/bench/simulated/trial.ts";
import { Lateness } from "../../load/lateness.ts";
import { perSec, rig } from "./rig.ts";

t.test("the latest start, the latest turn, and every turn that others waited for", async (t) => {
	const lateness = new Lateness();
	t.match(lateness, { addedMs: 0, hiddenMs: 0 });
	lateness.started(2);
	t.match(lateness, { addedMs: 0, hiddenMs: 0 }, "a timer's rounding is in time");
	lateness.started(5);
	lateness.started(3);
	t.match(lateness, { addedMs: 5, hiddenMs: 5 });
	lateness.turned(4, false);
	t.equal(lateness.addedMs, 5, "none of those was under way in the turn that they started in");
	lateness.turnEnded();
	lateness.turned(4, false);
	lateness.turned(3, false);
	lateness.started(8);
	t.equal(lateness.addedMs, 9, "an answer to the one that started latest by then was read late");
	lateness.turned(4, true);
	lateness.turned(2, true);
	t.match(lateness, { addedMs: 15, hiddenMs: 15 }, "each is waited for");
	lateness.turnedOver();
	lateness.started(3);
	t.match(lateness, { addedMs: 15, hiddenMs: 15 }, "those that started before the others ended");
	lateness.turnedOver();
	t.match(lateness, { addedMs: 15, hiddenMs: 3 }, "a queue may last, but hides nothing more");
	lateness.started(7);
	lateness.rested();
	t.match(lateness, { addedMs: 0, hiddenMs: 0 });
	lateness.started(5);
	lateness.turnEnded();
	lateness.started(3);
	lateness.turnEnded();
	lateness.turned(4, false);
	t.equal(lateness.addedMs, 9, "an earlier turn's start may be the latest still under way");
});

/** A target that answers in order of arrival, `servers` at a time, whatever the generator's loop does meanwhile. */
async function responses(options: {
	servers: number;
	slots: number;
	serviceMs: readonly number[];
	stalls: readonly { afterMs: number; ms: number }[];
}): Promise<{ ofMs: number[]; latenessMs: number }> {
	const { servers, slots, serviceMs, stalls } = options;
	const { summary, responsesMs } = await trial({
		target: fifoPool(servers),
		ratePerSec: 500,
		lengthMs: 400,
		slots,
		stalls,
		workMs: (n) => serviceMs[n % serviceMs.length]!,
	});
	return { ofMs: responsesMs, latenessMs: summary.lateness!.added_us / 1_000 };
}

t.test(
	"a queue in order has answered each operation at most so much later as the generator was late",
	async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.record({
					servers: fc.integer({ min: 1, max: 3 }),
					slots: fc.integer({ min: 1, max: 6 }),
					serviceMs: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 7 }),
					stalls: fc.array(
						fc.record({
							afterMs: fc.integer({ min: 1, max: 60 }),
							ms: fc.integer({ min: 1, max: 40 }),
						}),
						{ maxLength: 4 },
					),
				}),
				async (given) => {
					const late = await responses(given);
					const clean = await responses({ ...given, stalls: [] });
					// What a stall lasted before the next operation was due, and a timer's rounding, are not seen.
					const slackMs = 4 * given.stalls.length + 2;
					return clean.ofMs.every((ms, n) => {
						const toldMs = late.ofMs[n]!;
						return ms <= toldMs + slackMs && ms >= toldMs - late.latenessMs - slackMs;
					});
				},
			),
			{ numRuns: 60 },
		);
	},
);

t.test("a generator that is in time is not late, whatever the target does", async (t) => {
	const { latenessMs } = await responses({ servers: 1, slots: 2, serviceMs: [5], stalls: [] });
	t.ok(latenessMs < 2, `${latenessMs} ms`);
});

t.test("what was late before everything had ended is forgotten", async (t) => {
	const { time, loop, ended, intervals } = rig({
		arrival: { pacer: perSec(10) },
		work: async () => undefined,
	});
	loop.stop(3_000);
	await time.runTo(150);
	time.block(400);
	await time.runTo(3_500);
	await ended;
	const lateMs = intervals.flatMap(({ slices }) => slices.map(({ lateness }) => lateness.addedMs));
	t.ok(lateMs[0]! > 300, `the first interval: ${lateMs[0]} ms`);
	t.ok(lateMs[1]! < 5, `the second: ${lateMs[1]} ms`);
});
