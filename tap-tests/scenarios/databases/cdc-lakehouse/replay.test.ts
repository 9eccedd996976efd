import t from "tap";
import { diffRows, wrongCount } from "../../../../scenarios/databases/cdc-lakehouse/diff.ts";
import { Replay, stateAt } from "../../../../scenarios/databases/cdc-lakehouse/oracle/replay.ts";
import { RowSum, rowText } from "../../../../scenarios/databases/cdc-lakehouse/row-sum.ts";

function replayed(...transactions: string[][]): Replay {
	const replay = new Replay({ orders: ["id"] });
	for (const [n, lines] of transactions.entries())
		for (const line of ["BEGIN", ...lines, "COMMIT"])
			replay.line(/^[BC]/.test(line) ? line : `table public.orders: ${line}`, 10 * (n + 1));
	return replay;
}

function sumOf(...rows: Record<string, string | null>[]): string {
	const sum = new RowSum();
	for (const row of rows) sum.add(rowText(row));
	return sum.text;
}

t.test("a replay knows what is there after each commit", async (t) => {
	const { commits, rows } = replayed(
		["INSERT: id[bigint]:1 note[text]:'long'", "INSERT: id[bigint]:2 note[text]:null"],
		// The key changes, and what is large is not sent.
		["UPDATE: old-key: id[bigint]:1 new-tuple: id[bigint]:3 note[text]:unchanged-toast-datum"],
		["DELETE: id[bigint]:2"],
		["TRUNCATE: (no-flags)", "INSERT: id[bigint]:9 note[text]:'last' more[text]:'x'"],
	);
	t.same(
		commits.map(({ sums }) => sums.orders),
		[
			sumOf({ id: "1", note: "long" }, { id: "2" }),
			sumOf({ id: "3", note: "long" }, { id: "2" }),
			sumOf({ id: "3", note: "long" }),
			sumOf({ id: "9", note: "last", more: "x" }),
		],
	);
	t.same(
		commits.map(({ changeCounts }) => changeCounts.orders),
		[2, 3, 4, 6],
	);
	t.type(rows, "function");
	t.equal(stateAt(commits, 9), null);
	t.equal(stateAt(commits, 10)?.lsn, 10);
	t.equal(stateAt(commits, 35)?.lsn, 30, "between two commits it is what the one before made");
});

t.test("what is null is the same as a column that is not there yet", async (t) => {
	t.equal(sumOf({ id: "1", note: null }), sumOf({ id: "1" }));
	t.not(sumOf({ id: "1", note: "" }), sumOf({ id: "1" }), "but not as an empty text");
	t.not(sumOf({ a: "bc" }), sumOf({ ab: "c" }));
	t.not(sumOf({ id: "1" }, { id: "1" }), sumOf({ id: "1" }), "and a row twice is not once");
});

t.test("rows that are lost, stale, doubled or back again are told apart", async (t) => {
	const key = ({ id }: { id: string }) => id;
	const text = (row: { id: string; note: string }) => row.note;
	const row = (id: string, note = "x") => ({ id, note });
	const wanted = [row("1"), row("2"), row("3")];
	t.equal(wrongCount(diffRows(wanted, wanted, { key, text })), 0);
	t.same(diffRows([row("1"), row("1"), row("2", "y"), row("4")], wanted, { key, text }), {
		rowCount: 4,
		lostCount: 1,
		foreignCount: 1,
		doubledCount: 1,
		staleCount: 1,
		first: "1 is there more than once",
	});
	t.match(diffRows([], wanted, { key, text }).first, "1 is not there");
});
