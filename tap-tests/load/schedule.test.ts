import fc from "fast-check";
import t from "tap";
import type { Pacer } from "../../load/arrival.ts";
import { isDueIn, isTimed, leftFrom } from "../../load/schedule.ts";

t.test("a window is empty where no operation of the arrival is in it", (t) => {
	const times = fc.array(fc.nat(1_000), { maxLength: 40 }).map((all) => all.sort((a, b) => a - b));
	fc.assert(
		fc.property(times, fc.nat(1_000), fc.nat(300), (all, fromMs, lengthMs) => {
			const pacer: Pacer = (n) => all[n] ?? null;
			const toMs = fromMs + lengthMs;
			return isDueIn(pacer, { fromMs, toMs }) === all.some((ms) => ms >= fromMs && ms < toMs);
		}),
	);
	t.ok(
		isDueIn((n) => n / 1_000, { fromMs: 600_000, toMs: 600_001 }),
		"however far it is",
	);
	t.end();
});

t.test("what an arrival has left after a time is counted, with its last", async (t) => {
	const times = [0, 5, 5, 9];
	const pacer: Pacer = (n) => times[n] ?? null;
	t.same(leftFrom(pacer, 5), { count: 3, lastMs: 9 }, "what is due at its end is not in a window");
	t.same(leftFrom(pacer, 9), { count: 1, lastMs: 9 });
	t.equal(leftFrom(pacer, 10), null);
	t.equal(
		leftFrom(() => null, 0),
		null,
	);
});

t.test("what changes with time is timed, what does not can be moved in it", async (t) => {
	const rows = {
		constant: false,
		poisson: false,
		closed: false,
		ramp: true,
		sine: true,
		spike: true,
		steps: true,
		replay: true,
	} as const;
	for (const [kind, timed] of Object.entries(rows))
		t.equal(await isTimed({ kind } as Parameters<typeof isTimed>[0]), timed, kind);
});
