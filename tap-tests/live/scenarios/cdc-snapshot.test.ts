import { readFileSync } from "node:fs";
import pg from "pg";
import t from "tap";
import { urlOf } from "../../../daemon/stack/urls.ts";
import { filesOf } from "../../../scenarios/databases/cdc-lakehouse/capture/debezium/table-files.ts";
import {
	holdTables,
	readAll,
	takeSnapshot,
} from "../../../scenarios/databases/cdc-lakehouse/capture/slot/snapshot.ts";
import { publication } from "../../../scenarios/databases/cdc-lakehouse/names.ts";
import { firstRows } from "../../../scenarios/databases/cdc-lakehouse/workload.ts";
import { temporaryHome } from "../daemon.ts";
import { wide } from "../planted.ts";
import { opened, up } from "../stack/stack-helper.ts";

// What a snapshot of a real Postgres sees of tables that others truncate and rewrite, which is not MVCC-safe. Only where SEEDS is
// set, as by `npm run test:defects`.

const tablesFile = new URL(
	"../../../scenarios/databases/cdc-lakehouse/tables.sql",
	import.meta.url,
);

t.test("a snapshot knows what was emptied behind it", { skip: !wide }, async (t) => {
	const { stack } = await opened(t, temporaryHome(t), { only: ["postgres"] });
	const url = urlOf(up(stack, "postgres").endpoint);
	const connected = async () => {
		const client = new pg.Client({ connectionString: url });
		client.on("error", () => {}); // the stack is closed before it
		await client.connect();
		return client;
	};
	const [reader, writer] = [await connected(), await connected()];
	const fill = async () => {
		await writer.query("drop table if exists customers, orders, parts cascade");
		await writer.query(`drop publication if exists ${publication}`);
		await writer.query(readFileSync(tablesFile, "utf8"));
		const workload = { seed: 1, customers: 20, orders: 40, largeRows: 1, specialEvery: 20 };
		for (const { text, values } of firstRows(workload)) await writer.query(text, values);
	};
	/** What a reader comes to whose snapshot is older than what the writer does then. */
	const held = async (statement: string) => {
		await fill();
		await reader.query("begin isolation level repeatable read read only");
		await reader.query("select txid_current_snapshot()");
		await writer.query(statement);
		try {
			await holdTables(reader, publication);
			return (await readAll(reader, publication)).get("orders")!.rows.length;
		} catch (error) {
			const { rows } = await reader
				.query("select count(*)::int as count from orders")
				.catch(() => ({ rows: [{ count: null }] }));
			t.comment(`${statement}: ${error}; it sees ${rows[0]!.count} rows`);
			return String(error);
		} finally {
			await reader.query("rollback");
		}
	};

	t.match(await held("truncate orders"), /no row in them: orders/);
	t.match(
		await held("alter table orders alter column amount_cents type numeric"),
		/no row in them: orders/,
		"a table that is rewritten has the same rows, and none for this reader",
	);
	t.equal(await held("delete from orders"), 40, "what is deleted is there still");
	t.equal(await held("alter table orders add column more text"), 40, "and what is not rewritten");

	await fill();
	await reader.query("begin isolation level repeatable read read only");
	await holdTables(reader, publication);
	await writer.query("set lock_timeout = 50");
	await t.rejects(writer.query("truncate customers"), /lock timeout/, "a truncate has to wait");
	await writer.query("delete from customers where customer_id = 1");
	await reader.query("rollback");
	await writer.query("truncate orders");

	await fill();
	const { tables } = await takeSnapshot(url, "held", publication);
	t.equal(tables.get("orders")!.rows.length, 40);
	await writer.query("select pg_drop_replication_slot('held')");

	await fill();
	await writer.query("create table parts (id int primary key, amount int) partition by list (id)");
	await writer.query("create table part_1 partition of parts for values in (1)");
	await writer.query("create table part_2 partition of parts for values in (2)");
	await writer.query(`alter publication ${publication} add table parts`);
	await writer.query(`alter publication ${publication} set (publish_via_partition_root)`);
	let before = await filesOf(writer, publication);
	t.match(before, { customers: { length: 1 }, orders: { length: 1 }, parts: { length: 2 } });
	/** The tables of which a statement gives the rows other files. */
	const movedBy = async (statement: string) => {
		await writer.query(statement);
		const now = await filesOf(writer, publication);
		const moved = Object.keys(now).filter((name) => now[name]!.join() !== before[name]!.join());
		before = now;
		return moved;
	};
	t.same(await movedBy("delete from orders where order_id = 1"), []);
	t.same(await movedBy("alter table orders add column more text"), []);
	t.same(await movedBy("truncate orders"), ["orders"]);
	t.same(await movedBy("alter table customers alter column name type varchar(90)"), ["customers"]);
	t.same(await movedBy("truncate part_2"), ["parts"]);
	await Promise.all([reader.end(), writer.end()]);
});
