import fc from "fast-check";
import t from "tap";
import {
	comparable,
	dayText,
	minuteText,
	ratioText,
} from "../../../../scenarios/databases/window-queries/text.ts";

t.test("days and minutes read as Postgres writes them", (t) => {
	t.equal(dayText(0), "2025-01-01");
	t.equal(dayText(59), "2025-03-01");
	t.equal(minuteText(0), "2025-01-01 00:00:00");
	t.equal(minuteText(365 * 24 * 60 - 1), "2025-12-31 23:59:00");
	t.end();
});

t.test("a ratio is rounded as `round(numeric, decimals)` does it", (t) => {
	const rows: [numerator: bigint, denominator: bigint, decimals: number, text: string | null][] = [
		[1n, 3n, 2, "0.33"],
		[2n, 3n, 2, "0.67"],
		[1n, 200n, 2, "0.01"],
		[-1n, 200n, 2, "-0.01"],
		[-1n, 201n, 2, "0.00"],
		[100n, 1n, 2, "100.00"],
		[0n, 7n, 4, "0.0000"],
		[1n, -4n, 2, "-0.25"],
		[7n, 0n, 2, null],
	];
	for (const [numerator, denominator, decimals, text] of rows)
		t.equal(ratioText(numerator, denominator, decimals), text, `${numerator} / ${denominator}`);
	t.end();
});

t.test("a ratio is never more than half of its last decimal away from the truth", (t) => {
	fc.assert(
		fc.property(
			fc.bigInt(-(10n ** 15n), 10n ** 15n),
			fc.bigInt(1n, 10n ** 9n),
			fc.integer({ min: 1, max: 6 }),
			(numerator, denominator, decimals) => {
				const text = ratioText(numerator, denominator, decimals)!;
				const scaled = BigInt(text.replace(".", ""));
				const off = 2n * (scaled * denominator - numerator * 10n ** BigInt(decimals));
				return (off < 0n ? -off : off) <= denominator && text.split(".")[1]!.length === decimals;
			},
		),
	);
	t.end();
});

t.test("rows compare to the letter", (t) => {
	t.not(comparable(["0.1"]), comparable(["0.10"]));
	t.not(comparable([null]), comparable([""]));
	t.not(comparable(["a,b", "c"]), comparable(["a", "b,c"]), "cells do not run together");
	t.end();
});
