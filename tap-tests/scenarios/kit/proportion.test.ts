import t from "tap";
import { proportionOf } from "../../../scenarios/kit/proportion.ts";

t.test("a share has the interval that Wilson's formula gives", (t) => {
	// Worked out elsewhere: 95 % of 10 in 100, none in 20, all 5, and so on.
	const rows: [count: number, of: number, low: number, high: number][] = [
		[10, 100, 5.5229, 17.4366],
		[0, 20, 0, 16.1125],
		[5, 5, 56.5518, 100],
		[10, 10, 72.2467, 100],
		[0, 10, 0, 27.7533],
		[50, 100, 40.3832, 59.6168],
	];
	for (const [count, of, low, high] of rows) {
		const found = proportionOf(count, of)!;
		t.equal(found.pct, (100 * count) / of);
		t.ok(Math.abs(found.lowPct - low) < 0.001, `${count} of ${of}: ${found.lowPct}`);
		t.ok(Math.abs(found.highPct - high) < 0.001, `${count} of ${of}: ${found.highPct}`);
	}
	t.equal(proportionOf(0, 0), null, "of none there is no share");
	t.end();
});
