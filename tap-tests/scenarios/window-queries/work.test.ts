import t from "tap";
import { parseQuery } from "../../../scenarios/window-queries/query-file.ts";
import { growthOf, growthText, type Work } from "../../../scenarios/window-queries/work.ts";

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

/** Times of rows^exponent, three repeats each, of which the last may be disturbed. */
const work = (exponent: number, sizes: number[], slow = (_rows: number) => 1): Work[] =>
	sizes.map((rows) => {
		const ms = (rows / 1_000) ** exponent;
		return {
			...{ query: "scan", rows, spilledBytes: 0, shape: "" },
			executionMs: [ms * slow(rows), ms * 1.02, ms],
		};
	});
const small = [2_500, 5_000, 10_000];
const large = [10_000, 50_000, 100_000];
const agrees = (list: Work[]) => growthOf([query], list)[0]!.agrees;

t.test("growth must lie in the band of the query's file", (t) => {
	t.ok(agrees(work(1, large)));
	t.ok(agrees(work(1.25, large)));
	t.notOk(agrees(work(2, large)), "quadratic");
	t.notOk(agrees(work(0.2, large)), "it does not read what it says that it reads");
	t.notOk(agrees(work(1, [10_000])), "one size tells no growth");
	t.notOk(agrees([]), "nothing was measured");
	t.end();
});

t.test("on small tables, where fixed costs flatten the curve, only the upper end holds", (t) => {
	t.ok(agrees(work(0.2, small)));
	t.notOk(agrees(work(2, small)));
	t.ok(agrees([...work(1, [25_000, 50_000, 100_000]), ...work(-3, [250, 500, 1_000])]));
	t.end();
});

t.test("the slower half of the repeats has no part in it", (t) => {
	const slow = (rows: number) => (rows === 100_000 ? 50 : 1);
	const exponent = (list: Work[]) => growthOf([query], list)[0]!.growth!.exponent;
	t.equal(exponent(work(1, large, slow)).toFixed(2), "1.00");
	t.end();
});

t.test("an exponent is told with its interval", (t) => {
	t.equal(growthText({ exponent: 1.004, low: 0.9, high: 1.111 }), "1.00 [0.90, 1.11]");
	t.equal(growthText({ exponent: 1, low: null, high: null }), "1.00");
	t.equal(growthText(null), "unknown");
	t.end();
});
