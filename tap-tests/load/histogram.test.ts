import fc from "fast-check";
import t from "tap";
import { MergedHistogram, WorkerHistogram } from "../../load/histogram.ts";

t.test("a merge of encoded parts has the quantiles of the whole", (t) => {
	const parts = fc.array(fc.array(fc.double({ min: 0.001, max: 3_000_000, noNaN: true })), {
		minLength: 1,
		maxLength: 4,
	});
	fc.assert(
		fc.property(parts, (parts) => {
			const histogram = new WorkerHistogram();
			const merged = new MergedHistogram();
			for (const part of parts) {
				for (const valueMs of part) histogram.recordMs(valueMs);
				merged.add(histogram.flush().encoded);
			}
			histogram.destroy();
			const all = parts.flat().sort((a, b) => a - b);
			const { p50, p99, max } = merged.quantiles();
			if (all.length === 0) return p50 === null && max === null && merged.count === 0;
			const near = (valueUs: number | null, share: number) => {
				const expectedUs = all[Math.max(0, Math.ceil(all.length * share) - 1)]! * 1000;
				return Math.abs(valueUs! - expectedUs) <= Math.max(1, expectedUs * 0.002);
			};
			return merged.count === all.length && near(p50, 0.5) && near(p99, 0.99) && near(max, 1);
		}),
		{ numRuns: 50 },
	);
	t.pass();
	t.end();
});

t.test("what can't be a latency is clamped and counted", (t) => {
	const histogram = new WorkerHistogram();
	for (const valueMs of [-1, Number.NaN, 3_600_001, 0, 0.0004, 0.001, 3_600_000])
		histogram.recordMs(valueMs);
	const { encoded, clamped } = histogram.flush();
	t.equal(clamped, 3, "less than the resolution is no mistake");
	const merged = new MergedHistogram();
	merged.add(encoded);
	t.equal(merged.count, 7);
	t.equal(histogram.flush().clamped, 0, "a flush begins anew");
	histogram.destroy();
	t.end();
});

t.test("an empty histogram has no quantiles, not zeros", (t) => {
	const histogram = new WorkerHistogram();
	const merged = new MergedHistogram();
	merged.add(histogram.flush().encoded);
	histogram.destroy();
	for (const value of Object.values(merged.quantiles())) t.equal(value, null);
	const copy = new MergedHistogram();
	copy.add(merged.encode());
	t.equal(copy.count, 0);
	t.end();
});

t.test("a sum of sums has the samples of both, and each of them its own", (t) => {
	const [one, other, sum] = [[1, 2, 3], [40], []].map((samplesMs) => {
		const worker = new WorkerHistogram();
		for (const ms of samplesMs) worker.recordMs(ms);
		const merged = new MergedHistogram();
		merged.add(worker.flush().encoded);
		return merged;
	});
	sum!.addAll(one!);
	sum!.addAll(new MergedHistogram());
	sum!.addAll(other!);
	t.match(
		[one, other, sum].map((of) => [of!.count, of!.max]),
		[
			[3, 3_001],
			[1, 40_031],
			[4, 40_031],
		],
	);
	t.equal(new MergedHistogram().max, null);
	t.end();
});
