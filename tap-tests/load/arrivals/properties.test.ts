import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import type { Arrival, Pacer } from "../../../load/arrival.ts";
import { scheduleOf } from "../../../load/schedule.ts";

const rate = fc.double({ min: 0.5, max: 200_000, noNaN: true });
const lengthMs = fc.double({ min: 1, max: 60_000, noNaN: true });

/** Every open arrival there is, with any parameters. */
const arrivals: Record<string, fc.Arbitrary<Arrival>> = {
	constant: rate.map((ratePerSec) => ({ kind: "constant", ratePerSec })),
	poisson: rate.map((ratePerSec) => ({ kind: "poisson", ratePerSec })),
	ramp: fc
		.record({
			fromPerSec: fc.oneof(fc.constant(0), rate),
			toPerSec: rate,
			overMs: lengthMs,
		})
		.map((params) => ({ kind: "ramp", ...params })),
	steps: fc
		.array(fc.record({ ratePerSec: fc.oneof(fc.constant(0), rate), forMs: lengthMs }), {
			minLength: 1,
			maxLength: 6,
		})
		.map((steps) => ({ kind: "steps", steps })),
	spike: fc
		.record({ ratePerSec: rate, spikePerSec: rate, atMs: lengthMs, forMs: lengthMs })
		.map((params) => ({ kind: "spike", ...params })),
	sine: fc
		.record({
			meanPerSec: rate,
			swing: fc.double({ min: 0, max: 1, noNaN: true }),
			periodMs: lengthMs,
		})
		.map((params) => ({ kind: "sine", ...params })),
};

async function pacerOf(arrival: Arrival, seed = 1): Promise<Pacer> {
	const schedule = await scheduleOf(arrival, seed);
	if (schedule.shape !== "open") throw new Error(`${arrival.kind} is closed`);
	return schedule.pacer;
}

const times = (pacer: Pacer, count: number) => Array.from({ length: count }, (_, n) => pacer(n));

for (const [kind, arbitrary] of Object.entries(arrivals)) {
	t.test(`${kind}: time never goes back, and starts at or after zero`, async () => {
		await fc.assert(
			fc.asyncProperty(arbitrary, fc.nat(500), async (arrival, count) => {
				let last = 0;
				for (const ms of times(await pacerOf(arrival), count)) {
					if (ms === null) {
						last = Number.POSITIVE_INFINITY;
						continue;
					}
					if (!(ms >= last)) throw new Error(`${ms} ms after ${last} ms`);
					last = ms;
				}
			}),
			{ numRuns: 60 },
		);
	});

	t.test(
		`${kind}: operations asked for in any order, by any split, have the same times`,
		async () => {
			await fc.assert(
				fc.asyncProperty(arbitrary, fc.integer({ min: 1, max: 7 }), async (arrival, workers) => {
					const whole = times(await pacerOf(arrival), 200);
					for (let worker = 0; worker < workers; worker++) {
						const pacer = await pacerOf(arrival);
						for (let n = worker; n < 200; n += workers)
							if (pacer(n) !== whole[n])
								throw new Error(`operation ${n}: ${pacer(n)}, ${whole[n]}`);
					}
					const pacer = await pacerOf(arrival);
					for (const n of [150, 3, 199, 0])
						if (pacer(n) !== whole[n]) throw new Error(`operation ${n} asked for out of turn`);
				}),
				{ numRuns: 30 },
			);
		},
	);
}

/** Operations due in a window, counted without knowing the kind. */
async function countIn(arrival: Arrival, fromMs: number, toMs: number, seed = 1): Promise<number> {
	const pacer = await pacerOf(arrival, seed);
	let count = 0;
	for (let n = 0; ; n++) {
		const ms = pacer(n);
		if (ms === null || ms >= toMs) return count;
		if (ms >= fromMs) count++;
	}
}

t.test("a ramp offers the area under it, then its last rate", async (t) => {
	const ramp: Arrival = { kind: "ramp", fromPerSec: 0, toPerSec: 1000, overMs: 10_000 };
	t.equal(await countIn(ramp, 0, 10_000), 5000);
	t.equal(await countIn(ramp, 0, 5000), 1250);
	t.equal(await countIn(ramp, 10_000, 12_000), 2000);
	const down: Arrival = { kind: "ramp", fromPerSec: 1000, toPerSec: 500, overMs: 1000 };
	t.equal(await countIn(down, 0, 1000), 750);
});

t.test("steps and spikes offer each rate for its time", async (t) => {
	const steps: Arrival = {
		kind: "steps",
		steps: [
			{ ratePerSec: 100, forMs: 1000 },
			{ ratePerSec: 0, forMs: 1000 },
			{ ratePerSec: 400, forMs: 1000 },
		],
	};
	t.equal(await countIn(steps, 0, 1000), 100);
	t.equal(await countIn(steps, 1000, 2000), 0);
	t.equal(await countIn(steps, 2000, 3000), 400);
	t.equal(await countIn(steps, 3000, 4000), 400, "the last goes on");
	const ending: Arrival = {
		kind: "steps",
		steps: [
			{ ratePerSec: 10, forMs: 1000 },
			{ ratePerSec: 0, forMs: 1 },
		],
	};
	t.equal((await pacerOf(ending))(10), null, "a last step of 0 is the end");
	const spike: Arrival = {
		kind: "spike",
		ratePerSec: 100,
		spikePerSec: 1000,
		atMs: 500,
		forMs: 200,
	};
	t.equal(await countIn(spike, 0, 500), 50);
	t.equal(await countIn(spike, 500, 700), 200);
	t.equal(await countIn(spike, 700, 1700), 100);
});

t.test(
	"a sine offers its mean over each period, more in the first half than in the second",
	async (t) => {
		const sine: Arrival = { kind: "sine", meanPerSec: 1000, swing: 1, periodMs: 2000 };
		t.equal(await countIn(sine, 0, 2000), 1000 * 2);
		t.equal(await countIn(sine, 0, 6000), 1000 * 6);
		const rising = await countIn(sine, 0, 1000);
		// The integral of 1 + sin over half a period: 1 + 2/π of the mean.
		t.ok(Math.abs(rising - 1000 * (1 + 2 / Math.PI)) <= 1, `${rising} in the first half`);
	},
);

t.test(
	"a Poisson load has its rate, exponential gaps, and is another for another seed",
	async (t) => {
		const poisson: Arrival = { kind: "poisson", ratePerSec: 1000 };
		const count = await countIn(poisson, 0, 100_000);
		// Five standard deviations of a Poisson count.
		t.ok(Math.abs(count - 100_000) < 5 * Math.sqrt(100_000), `${count} operations`);
		const at = times(await pacerOf(poisson), 20_000) as number[];
		const gaps = at.map((ms, n) => ms - (at[n - 1] ?? 0));
		const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
		const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
		const deviation = Math.sqrt(squares / gaps.length);
		t.ok(Math.abs(deviation / mean - 1) < 0.05, "of exponential gaps mean and deviation are equal");
		t.not((await pacerOf(poisson, 2))(5), at[5]);
	},
);

t.test("a replay starts operations at the times of its file, and ends with it", async (t) => {
	const folder = t.testdir({
		ms: "# ms\n0\n10,GET /a\n\n10\n250.5\n",
		stamps: "2026-11-24T10:00:00.000Z\n2026-11-24T10:00:01.500Z\n",
		back: "5\n3\n",
		words: "0\nsoon\n",
		empty: "# nothing\n",
	});
	const replay = (file: string, speed = 1) =>
		pacerOf({ kind: "replay", file: join(folder, file), speed });
	t.same(times(await replay("ms"), 5), [0, 10, 10, 250.5, null]);
	t.same(times(await replay("stamps", 2), 3), [0, 750, null]);
	await t.rejects(replay("back"), {
		code: "FLT_PLAN_INVALID",
		message: /line 2 .*before the line above/,
	});
	await t.rejects(replay("words"), { message: /line 2 .*"soon": no time/ });
	await t.rejects(replay("empty"), { message: /has no times/ });
	await t.rejects(replay("missing"), { message: /can't read .*missing/ });
});
