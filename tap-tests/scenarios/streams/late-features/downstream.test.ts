import fc from "fast-check";
import t from "tap";
import { LatestFeatures, Totals } from "../../../../scenarios/streams/late-features/downstream.ts";
import { live, step } from "./lived.ts";

t.test(
	"whoever reads corrections in any order, and some of them twice, ends at the same values",
	(t) => {
		const lists = fc.array(step, { maxLength: 40 }).chain((steps) => {
			const { records } = live(steps);
			const places = records.map((_, n) => n);
			const order = fc.shuffledSubarray(places, { minLength: places.length });
			return fc.tuple(fc.constant(records), order, fc.subarray(places));
		});
		fc.assert(
			fc.property(lists, ([records, order, twice]) => {
				const values = [[...records.keys()], [...order, ...twice]].map((places) => {
					const [latest, totals] = [new LatestFeatures(), new Totals()];
					for (const place of places) {
						latest.apply(records[place]!);
						totals.apply(records[place]!);
					}
					const sorted = (map: ReadonlyMap<string, unknown>) =>
						[...map].sort(([a], [b]) => (a < b ? -1 : 1));
					return JSON.stringify([sorted(latest.values), sorted(totals.values)]);
				});
				return values[0] === values[1];
			}),
			{ numRuns: 100, seed: 4 },
		);
		t.end();
	},
);

t.test("who adds and takes off has the sums of the last values alone", (t) => {
	const totals = new Totals();
	const at = {
		user: "ana",
		startMs: 0,
		endMs: 60_000,
		last_kind: "view" as const,
		purchase_ratio: 0.5,
	};
	totals.apply({ ...at, op: "assert", version: 1, views: 1, purchases: 1, spent_cents: 5 });
	totals.apply({ ...at, op: "assert", version: 2, views: 2, purchases: 1, spent_cents: 5 });
	t.match(totals.values.get("ana"), { views: 3 }, "until the old value is taken back");
	totals.apply({ ...at, op: "retract", version: 1, views: 1, purchases: 1, spent_cents: 5 });
	t.same(totals.values.get("ana"), { views: 2, purchases: 1, spent_cents: 5 });
	t.end();
});
