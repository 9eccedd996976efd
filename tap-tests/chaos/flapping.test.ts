import fc from "fast-check";
import t from "tap";
import { fault, flapping } from "../../scenarios/index.ts";

const spec = (fromMs: number, toMs: number) =>
	fault("latency", "db", { latencyMs: 50 }, { fromMs, toMs });

t.test("pulses have their length and pause, and all that fit are there", (t) => {
	const pulses = flapping(spec(1_000, 3_000), { onMs: 400, offMs: 300 });
	t.same(
		pulses.map(({ fromMs, toMs }) => [fromMs, toMs]),
		[
			[1_000, 1_400],
			[1_700, 2_100],
			[2_400, 2_800],
		],
	);
	for (const pulse of pulses)
		t.match(pulse, { kind: "latency", on: "db", params: { latencyMs: 50 } });
	t.same(
		flapping(spec(0, 1_100), { onMs: 400, offMs: 300 }).map(({ toMs }) => toMs),
		[400, 1_100],
		"the last may end with the fault",
	);
	t.equal(flapping(spec(0, 1_099), { onMs: 400, offMs: 300 }).length, 1, "no pulse is cut short");
	t.end();
});

t.test("pulses lie inside, do not overlap, and the last ends by the end of the fault", (t) => {
	const ms = (min: number, max: number) =>
		fc.oneof(fc.integer({ min, max }), fc.double({ min, max, noNaN: true }));
	fc.assert(
		fc.property(ms(0, 1e6), ms(1, 1e4), ms(1, 1e4), ms(1, 1e5), (fromMs, onMs, offMs, moreMs) => {
			const toMs = fromMs + onMs + moreMs;
			const pulses = flapping(spec(fromMs, toMs), { onMs, offMs });
			const near = (a: number, b: number) => Math.abs(a - b) < 1e-6;
			return (
				pulses[0]?.fromMs === fromMs &&
				pulses.every(({ fromMs: start, toMs: end }, i) => {
					const before = pulses[i - 1]?.toMs;
					return (
						start >= fromMs &&
						end <= toMs &&
						near(end - start, onMs) &&
						(before === undefined || (start > before && near(start - before, offMs)))
					);
				}) &&
				pulses.at(-1)!.toMs + offMs + onMs > toMs - 1e-6
			);
		}),
	);
	t.end();
});

t.test("what can't flap is refused, with the numbers", (t) => {
	const rows: [fromMs: number, toMs: number, onMs: number, offMs: number, why: string][] = [
		[0, 1_000, 0, 100, "a pulse of no length"],
		[0, 1_000, 100, 0, "a pause of no length is one long pulse"],
		[0, 1_000, 1_001, 1, "not one pulse fits"],
		[0, 1_000, Number.NaN, 1, "no number"],
		[0, Number.POSITIVE_INFINITY, 100, 100, "pulses without end"],
	];
	for (const [fromMs, toMs, onMs, offMs, why] of rows) {
		t.throws(
			() => flapping(spec(fromMs, toMs), { onMs, offMs }),
			{ code: "FLT_PLAN_INVALID", message: /latency on "db" from 0 to \w+ ms can't be/ },
			why,
		);
	}
	t.end();
});
