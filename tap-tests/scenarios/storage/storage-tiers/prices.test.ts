import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { pricesOf, readPrices } from "../../../../scenarios/storage/storage-tiers/prices.ts";
import { rawPrices } from "./fixtures.ts";

type Raw = ReturnType<typeof rawPrices>;

t.test(
	"the prices that come with it are whole, and have the order that makes tiers worth it",
	(t) => {
		const { tiers, monthDays } = readPrices();
		t.equal(monthDays, 30);
		t.ok(tiers.hot.usdPerGbMonth > tiers.warm.usdPerGbMonth, "warm is cheaper to keep");
		t.ok(tiers.warm.usdPerGbMonth > tiers.cold.usdPerGbMonth, "cold is cheaper still");
		t.ok(tiers.hot.usdPerGbRead < tiers.warm.usdPerGbRead, "and dearer to read");
		t.ok(tiers.cold.minimumDays > tiers.warm.minimumDays, "and is meant for longer");
		t.ok(tiers.cold.restoreMs > 0, "and is not there at once");
		t.end();
	},
);

t.test("what is wrong is named with its place, its value and what was wanted", (t) => {
	const rows: [spoil: (raw: Raw) => void, said: RegExp, why: string][] = [
		[
			(raw) => Object.assign(raw.tiers.warm.usdPerGbMonth, { value: "0.0125" }),
			/tiers\.warm\.usdPerGbMonth\.value must be a number from 0, but is "0\.0125"/,
			"a number in quotes",
		],
		[
			(raw) => Object.assign(raw.tiers.cold.minimumDays, { value: 90.5 }),
			/tiers\.cold\.minimumDays\.value must be a whole number from 0, but is 90\.5/,
			"half a day",
		],
		[
			(raw) => Object.assign(raw.tiers.hot.usdPer1000Reads, { value: -1 }),
			/tiers\.hot\.usdPer1000Reads\.value must be a number from 0, but is -1/,
			"money back",
		],
		[
			(raw) => Object.assign(raw.tiers.hot.usdPerGbRead, { asOf: "last year" }),
			/tiers\.hot\.usdPerGbRead\.asOf must be a date such as .*, but is "last year"/,
			"no date",
		],
		[
			(raw) => Object.assign(raw.tiers.hot.usdPerGbRead, { source: " " }),
			/tiers\.hot\.usdPerGbRead\.source must say where/,
			"no source",
		],
		[
			(raw) => Reflect.deleteProperty(raw.tiers.cold, "minimumDays"),
			/tiers\.cold\.minimumDays must be an object, but is missing/,
			"left out",
		],
		[
			(raw) => Object.assign(raw.tiers.cold, { minimalDays: raw.tiers.cold.minimumDays }),
			/tiers\.cold\.minimalDays is not known/,
			"a typo, that would be a fee nobody charges",
		],
		[
			(raw) => Object.assign(raw.tiers, { frozen: raw.tiers.cold }),
			/tiers\.frozen is none of hot, warm, cold/,
			"a tier too many",
		],
		[
			(raw) => Reflect.deleteProperty(raw.tiers, "warm"),
			/tiers\.warm must be an object, but is missing/,
			"a tier too few",
		],
		[
			(raw) => Object.assign(raw, { monthDays: 0 }),
			/monthDays must be a number above 0, but is 0/,
			"a month without days",
		],
	];
	for (const [spoil, said, why] of rows) {
		const raw = rawPrices();
		spoil(raw);
		t.throws(() => pricesOf(raw), { message: said }, why);
	}
	t.throws(() => pricesOf([]), { message: /the file must be an object, but is \[\]/ });
	t.end();
});

t.test("all problems are named at once, and a file that is no JSON with its name", (t) => {
	const raw = rawPrices();
	Object.assign(raw.tiers.hot.usdPerGbMonth, { value: null });
	Object.assign(raw.tiers.cold.usdPerGbMonth, { value: null });
	t.throws(() => pricesOf(raw), {
		message: /tiers\.hot\.usdPerGbMonth.*tiers\.cold\.usdPerGbMonth/,
	});
	const file = join(mkdtempSync(join(t.testdir(), "prices-")), "mine.json");
	writeFileSync(file, "{");
	t.throws(() => readPrices(file), { message: /mine\.json: .*JSON/ });
	t.end();
});
