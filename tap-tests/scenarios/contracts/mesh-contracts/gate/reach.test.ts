import t from "tap";
import type { Dataset } from "../../../../../scenarios/contracts/mesh-contracts/gate/dataset.ts";
import {
	reachOf,
	touchedColumns,
} from "../../../../../scenarios/contracts/mesh-contracts/gate/reach.ts";

const rows = [
	{ id: 1, status: "paid", note: "a" },
	{ id: 2, status: "placed", note: "b" },
];

function dataset(change: Partial<Dataset> = {}, found: object[] = rows): Dataset {
	return {
		name: "orders_v1",
		columns: ["id", "status", "note"].map((name) => ({ name, type: "text" })),
		key: ["id"],
		rows: JSON.stringify(found),
		...change,
	};
}

t.test(
	"a column is touched where it is gone, of another type, or of another value in a row",
	(t) => {
		const [one, two] = rows as [object, object];
		const all = ["id", "status", "note"];
		const table: [after: Dataset | undefined, touched: string[], why: string][] = [
			[dataset(), [], "nothing is otherwise"],
			[dataset({}, [two, one]), [], "rows in another order"],
			[dataset({}, [{ ...one, status: "x" }, two]), ["status"], "a value"],
			[
				dataset({}, [
					{ ...one, status: "placed" },
					{ ...two, status: "paid" },
				]),
				["status"],
				"two that are swapped",
			],
			[dataset({}, [one]), all, "a row is gone"],
			[dataset({}, [one, two, { id: 3 }]), all, "a row has come"],
			[dataset({}, [{ ...one, id: 7 }, two]), all, "a row is called otherwise"],
			[dataset({ columns: dataset().columns.slice(0, 2) }), ["note"], "a column is gone"],
			[
				dataset({
					columns: dataset().columns.map((column) => ({
						...column,
						type: column.name === "note" ? "date" : "text",
					})),
				}),
				["note"],
				"a type is another",
			],
			[undefined, all, "all of it is gone"],
		];
		for (const [after, touched, why] of table)
			t.same([...touchedColumns(dataset(), after)], touched, why);
		const keyless = dataset({ key: [] });
		t.same([...touchedColumns(keyless, dataset({ key: [] }, [{ ...one, note: "z" }, two]))], all);
		t.same([...touchedColumns(dataset({}, [one, one]), dataset({}, [one]))], all, "twice");
		t.end();
	},
);

t.test("whoever reads a column that is touched is reached, by consumer and query", (t) => {
	const test = (query: string, column: string, name = "sales.orders_v1") => ({
		consumer: "finance",
		query,
		reads: [{ dataset: name, columns: new Map([[column, "text"]]) }],
		sql: "",
		expect: [],
	});
	const tests = [test("a", "status"), test("b", "note"), test("c", "status", "crm.orders_v1")];
	const after = dataset({}, [{ ...rows[0], status: "x" }, rows[1]!]);
	t.same(reachOf("sales", [dataset()], [after], tests), ["finance.a"]);
	t.same(reachOf("sales", [dataset()], [], tests), ["finance.a", "finance.b"]);
	t.same(reachOf("sales", [], [dataset()], tests), [], "what is new nobody reads yet");
	t.end();
});
