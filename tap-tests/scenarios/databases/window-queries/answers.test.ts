import fc from "fast-check";
import t from "tap";
import {
	type Answer,
	compareRows,
	countGiven,
	digestOf,
	type Receipt,
	readReceipt,
	receiptText,
	wrongOf,
} from "../../../../scenarios/databases/window-queries/answers.ts";

const answer = (query: string, ...rows: string[]): Answer => ({ query, variant: 0, rows });
const receipt = (over: Partial<Receipt> = {}): Receipt => ({
	query: "churn",
	variant: 0,
	phase: "steady",
	rowCount: 2,
	digest: digestOf(["a", "b"]),
	serviceUs: 1_500,
	...over,
});

t.test("answers are compared row by row and in order", (t) => {
	const expected = [answer("churn", "a", "b", "c"), answer("top-n", "x")];
	const rows: [actual: Answer[], equal: number, of: number, why: string][] = [
		[expected, 4, 4, "all equal"],
		[[answer("churn", "a", "c", "b"), answer("top-n", "x")], 2, 4, "two rows changed places"],
		[[answer("churn", "a", "b"), answer("top-n", "x")], 3, 4, "a row is missing"],
		[[answer("churn", "a", "b", "c", "c"), answer("top-n", "x")], 4, 5, "a row is there twice"],
		[[answer("churn", "a", "b", "c")], 3, 4, "an answer is missing"],
		[[...expected, answer("other")], 4, 5, "an empty answer that nobody expected"],
		[[], 0, 4, "nothing was answered"],
	];
	for (const [actual, equalCount, rowsCount, why] of rows)
		t.match(compareRows(actual, expected), { equalCount, rowsCount }, why);
	t.end();
});

t.test("an answer without rows that is missing is a difference too", (t) => {
	t.match(compareRows([], [answer("churn")]), { equalCount: 0, rowsCount: 1 });
	t.match(compareRows([answer("churn")], [answer("churn")]), { equalCount: 0, rowsCount: 0 });
	t.end();
});

t.test("the first differing rows are told, with both sides and ten at most", (t) => {
	const many = Array.from({ length: 30 }, (_, i) => `${i}`);
	const { differences } = compareRows(
		[answer("churn", ...many.map((row) => (Number(row) > 4 ? `${row}!` : row)))],
		[answer("churn", ...many)],
	);
	t.equal(differences.length, 10);
	t.match(differences[0], { query: "churn", variant: 0, row: 6, expected: "5", actual: "5!" });
	t.end();
});

t.test("a receipt comes out of the journal as it went in", (t) => {
	t.same(readReceipt(receiptText(receipt())), receipt());
	t.end();
});

t.test("equal answers of one phase are counted together", (t) => {
	const given = countGiven([
		receipt(),
		receipt({ serviceUs: 9 }),
		receipt({ phase: "faulting" }),
		receipt({ digest: digestOf(["a"]), rowCount: 1 }),
	]);
	t.same(
		given.map(({ phase, answersCount, rowCount }) => [phase, answersCount, rowCount]),
		[
			["steady", 2, 2],
			["faulting", 1, 2],
			["steady", 1, 1],
		],
	);
	t.end();
});

t.test("an answer with other rows, in another order, or to another question is wrong", (t) => {
	const expected = [answer("churn", "a", "b")];
	const wrong = (over: Partial<Receipt>) => wrongOf(countGiven([receipt(over)]), expected).length;
	t.equal(wrong({}), 0);
	t.equal(wrong({ digest: digestOf(["b", "a"]) }), 1);
	t.equal(wrong({ digest: digestOf(["a"]) }), 1);
	t.equal(wrong({ variant: 1 }), 1);
	fc.assert(
		fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
			const same = a.length === b.length && a.every((row, i) => row === b[i]);
			const lines = [...a, ...b].some((row) => row.includes("\n"));
			return lines || a.length === 0 || b.length === 0 || same === (digestOf(a) === digestOf(b));
		}),
	);
	t.end();
});
