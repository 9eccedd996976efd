import t from "tap";
import { knownDays, sizeOf, traceOf } from "../../../../scenarios/storage/storage-tiers/trace.ts";

const spec = { seed: 7, objects: 400, days: 120 };

t.test("the same seed is the same trace, another seed another", (t) => {
	const text = (seed: number) => JSON.stringify(traceOf({ ...spec, seed }));
	const [once, again] = [text(7), text(7)];
	t.ok(once === again);
	t.ok(once !== text(8));
	t.end();
});

t.test(
	"each object is there every day in exactly one version, and read in no day that it is not",
	(t) => {
		const { lives, objects, days } = traceOf(spec);
		const byObject = Map.groupBy(lives, ({ object }) => object);
		t.equal(byObject.size, objects);
		for (const versions of byObject.values()) {
			let day = 0;
			for (const [n, life] of versions.entries()) {
				const rightPlace =
					life.version === n + 1 && life.fromDay === day && life.toDay > day && life.toDay <= days;
				const rightEnd = life.ends === n < versions.length - 1;
				const rightBirth = n === 0 ? life.bornDay < 0 : life.bornDay === life.fromDay;
				const readDays = life.reads.map(([on]) => on);
				const rightReads =
					readDays.every((on) => on >= Math.max(life.bornDay, -knownDays) && on < life.toDay) &&
					readDays.every((on, i) => i === 0 || on > readDays[i - 1]!) &&
					life.reads.every(([, count]) => count > 0);
				if (!(rightPlace && rightEnd && rightBirth && rightReads))
					t.fail(`${JSON.stringify(life)}`);
				day = life.toDay;
			}
			if (day !== days) t.fail("an object is not there until the last day");
		}
		t.ok(lives.length > objects, "some are overwritten");
		t.end();
	},
);

t.test(
	"few objects have most of the reads, and old ones have less of them than young ones",
	(t) => {
		const { lives, objects } = traceOf({ seed: 3, objects: 1_000, days: 200 });
		const reads = new Map<number, number>();
		const perAge = { young: { reads: 0, days: 0 }, old: { reads: 0, days: 0 } };
		for (const life of lives) {
			for (const [day, count] of life.reads) {
				if (day < 0) continue;
				reads.set(life.object, (reads.get(life.object) ?? 0) + count);
				perAge[day - life.bornDay < 30 ? "young" : "old"].reads += count;
			}
			for (let day = life.fromDay; day < life.toDay; day++)
				perAge[day - life.bornDay < 30 ? "young" : "old"].days += 1;
		}
		const sorted = [...reads.values()].sort((a, b) => b - a);
		const all = sorted.reduce((sum, count) => sum + count, 0);
		const top = sorted.slice(0, objects / 10).reduce((sum, count) => sum + count, 0);
		t.ok(top > 0.6 * all, `a tenth of the objects has ${top} of ${all} reads`);
		const { young, old } = perAge;
		t.ok(young.reads / young.days > 5 * (old.reads / old.days), "reads fall with age");
		t.end();
	},
);

t.test(
	"sizes are log-normal: the mean is far above the median, and both are where they should be",
	(t) => {
		const sizes = Array.from({ length: 4_000 }, (_, n) => sizeOf(1, n, 1)).sort((a, b) => a - b);
		const median = sizes[sizes.length / 2]! / 2 ** 20;
		const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length / 2 ** 20;
		t.ok(median > 7 && median < 9, `the median is ${median} MiB`);
		t.ok(mean > 2.5 * median, `the mean is ${mean} MiB`);
		t.ok(sizes.every(Number.isInteger), "whole bytes");
		t.end();
	},
);
