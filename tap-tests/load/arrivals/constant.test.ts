import fc from "fast-check";
import t from "tap";
import type { Arrival } from "../../../load/arrival.ts";
import { openDues } from "../../../load/dues.ts";
import { type Schedule, scheduleOf } from "../../../load/schedule.ts";

const rates = fc.double({ min: 0.001, max: 1_000_000, noNaN: true });

async function pacerOf(ratePerSec: number) {
	const schedule: Schedule = await scheduleOf({ kind: "constant", ratePerSec }, 1);
	if (schedule.shape !== "open") throw new Error("constant is an open arrival");
	return schedule.pacer;
}

t.test("the first is due at zero, the others evenly and never earlier than the one before", (t) =>
	fc
		.assert(
			fc.asyncProperty(rates, fc.nat(1_000_000), async (ratePerSec, n) => {
				const pacer = await pacerOf(ratePerSec);
				const offsetMs = pacer(n)!;
				return (
					pacer(0) === 0 &&
					pacer(n + 1)! >= offsetMs &&
					Math.abs((offsetMs * ratePerSec) / 1000 - n) < 0.01
				);
			}),
		)
		.then(() => t.pass()),
);

t.test("the parts of all workers make up the whole", (t) =>
	fc
		.assert(
			fc.asyncProperty(rates, fc.integer({ min: 1, max: 8 }), async (ratePerSec, workers) => {
				const pacer = await pacerOf(ratePerSec);
				const whole = Array.from({ length: 40 * workers }, (_, n) => pacer(n));
				const parts: (number | null)[] = [];
				for (let worker = 0; worker < workers; worker++) {
					const dues = openDues(pacer, worker, workers);
					for (let i = 0; i < 40; i++) {
						parts[worker + i * workers] = dues.nextMs();
						dues.take();
					}
				}
				return whole.every((offsetMs, n) => offsetMs === parts[n]);
			}),
		)
		.then(() => t.pass()),
);

t.test("wrong parameters are refused together, each with its bound and its value", async (t) => {
	const wrong = { kind: "constant", ratePerSec: -3, rate: 5 } as unknown as Arrival;
	await t.rejects(scheduleOf(wrong, 1), {
		code: "FLT_PLAN_INVALID",
		message:
			/^arrival "constant": (?=.*ratePerSec must be > 0, but is -3)(?=.*rate is not a parameter)/,
	});
	await t.rejects(scheduleOf({ kind: "constant" } as unknown as Arrival, 1), {
		message: /ratePerSec is missing/,
	});
});

t.test("an unknown arrival names the nearest", async (t) => {
	const wrong = { kind: "konstant", ratePerSec: 1 } as unknown as Arrival;
	await t.rejects(scheduleOf(wrong, 1), { message: /did you mean "constant"/ });
});
