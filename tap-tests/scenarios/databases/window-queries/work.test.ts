import t from "tap";
import { parseQuery } from "../../../../scenarios/databases/window-queries/query-file.ts";
import {
	type Clock,
	growthOf,
	growthText,
	isTold,
	type Work,
} from "../../../../scenarios/databases/window-queries/work.ts";

const query = parseQuery(
	"01-scan.sql",
	`-- question:   How many?
-- parameters: top integer
-- columns:    orders_count bigint
-- complexity: O(n): each row is read once.
-- growth:     0.8..1.3
-- index:      none: all is read
select :top;`,
);

/** Times of rows^exponent, three repeats each, some percent apart. */
const work = (
	exponent: number,
	sizes: number[],
	apartPct = 2,
	clock: Clock = "processor",
): Work[] =>
	sizes.map((rows) => {
		const ms = (rows / 1_000) ** exponent;
		return {
			query: "scan",
			rows,
			clock,
			spilledBytes: 0,
			shape: "",
			timesMs: [ms, ms * (1 + apartPct / 100), ms / (1 + apartPct / 100)],
		};
	});
const small = [2_500, 5_000, 10_000];
const large = [10_000, 50_000, 100_000];
const told = (list: Work[]) => growthOf([query], list)[0]!.told;

t.test("growth must lie in the band of the query's file", (t) => {
	t.equal(told(work(1, large)), "as_stated");
	t.equal(told(work(1.25, large)), "as_stated");
	t.equal(told(work(2, large)), "otherwise", "quadratic");
	t.equal(told(work(0.2, large)), "otherwise", "it does not read what it says that it reads");
	t.equal(told([]), "otherwise", "it was not even asked");
	t.end();
});

t.test("on small tables, where fixed costs flatten the curve, only the upper end holds", (t) => {
	t.equal(told(work(0.2, small)), "as_stated");
	t.equal(told(work(2, small)), "otherwise");
	const tiny = work(-3, [250, 500, 1_000]);
	t.equal(told([...work(1, [25_000, 50_000, 100_000]), ...tiny]), "as_stated");
	t.end();
});

t.test("times that leave it open tell nothing, and are taken again", (t) => {
	const rows: [list: Work[], why: string][] = [
		[work(1, large, 400), "they lie so far apart that n and n² have room"],
		[
			work(1, [10_000, 100_000]).map((each) => ({ ...each, timesMs: [1] })),
			"two points are a line",
		],
		[work(2, large, 2, "wall"), "a busy machine interrupts what is long, more than what is short"],
	];
	for (const [list, why] of rows) {
		t.equal(told(list), "cannot_tell", why);
		t.notOk(isTold([query], list), why);
	}
	t.equal(told(work(1, large, 2, "wall")), "as_stated", "busy or not, it did not grow");
	t.ok(isTold([query], work(2, large)), "outside of the band is an answer too");
	t.end();
});

t.test("of one size alone nothing can be told, however often it is taken", (t) => {
	t.equal(told(work(1, [10_000])), "cannot_tell");
	t.equal(told(work(1, [1_000, 10_000])), "cannot_tell", "the small one does not count");
	t.ok(isTold([query], work(1, [10_000])));
	t.end();
});

t.test("an exponent is told with its interval", (t) => {
	t.equal(growthText({ exponent: 1.004, low: 0.9, high: 1.111 }), "1.00 [0.90, 1.11]");
	t.equal(growthText({ exponent: 1, low: null, high: null }), "1.00");
	t.equal(growthText(null), "unknown");
	t.end();
});
