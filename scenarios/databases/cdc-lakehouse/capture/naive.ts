import { join } from "node:path";
import { monotonicMs, pause, postgresConfigs } from "faultline/subject";
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from "pg-logical-replication";
import type { Change } from "../lake/changes.ts";
import { columnTypeOf, keyOf, type Row, type Shape } from "../lake/columns.ts";
import { DeltaTable } from "../lake/delta-table.ts";
import { lsnOf } from "../lsn.ts";
import type { Capture, CaptureOptions } from "./capture.ts";
import { lagOf } from "./diary.ts";
import { readAll } from "./snapshot.ts";
import { slotOf, tablesOf, withSource } from "./source.ts";

const retryAfterMs = 50;

interface Event {
	table: string;
	shape: Shape;
	change: Change;
	lsn: number;
	committedMs: number;
}

/**
 * The twin: written on a quiet day. It lets the library acknowledge what it has received; it goes on where the slot is; it
 * copies the tables and makes the slot one after the other; it commits each table when there is something for it, in the
 * middle of transactions; and it takes an event for the new row and nothing else, so that old keys stay, truncates are passed
 * over, and what was not sent is null.
 */
export function startNaive(options: CaptureOptions): Capture {
	let lsn: number | null = null;
	const run = async () => {
		for (;;) {
			try {
				await session(options, (reached) => {
					lsn = reached;
				});
			} catch (error) {
				console.error(String(error));
			}
			await pause(retryAfterMs);
		}
	};
	void run();
	return {
		get lsn() {
			return lsn;
		},
		vacuum: async () => 0,
	};
}

async function session(options: CaptureOptions, onLsn: (lsn: number) => void): Promise<never> {
	const { url, slot, publication, folder, step, diary } = options;
	const found = await withSource(url, async (client) => ({
		tables: await tablesOf(client, publication),
		slot: await slotOf(client, slot),
	}));
	const tables = new Map<string, DeltaTable>();
	for (const { name } of found.tables)
		tables.set(name, await DeltaTable.open(join(folder, name), options));
	if (found.slot === null)
		await withSource(url, async (client) => {
			for (const [name, { rows, shape }] of await readAll(client, publication))
				await tables.get(name)!.commit(await tables.get(name)!.stageSnapshot(rows, shape, 1));
			await client.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
		});
	let fromLsn = found.slot?.confirmedLsn ?? 1;
	diary({ kind: "started", atMs: Date.now(), fromLsn, garbage: [] });

	const events: Event[] = [];
	const service = new LogicalReplicationService(postgresConfigs(url)[0]);
	const read = eventReader(new Map(found.tables.map(({ name, key }) => [name, key])));
	service.on("data", (_lsn, message: Pgoutput.Message) => void events.push(...read(message)));
	const broken = new Promise<never>((_, reject) => service.on("error", reject));
	const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [publication] });
	const ended = service.subscribe(plugin, slot).then(() => {
		throw new Error("the stream has ended");
	});
	const work = async (): Promise<never> => {
		for (;;) {
			await pause(options.lingerMs);
			const batch = events.splice(0, options.batchChangesMax);
			if (batch.length === 0) continue;
			const sinceMs = monotonicMs();
			const toLsn = batch.at(-1)!.lsn;
			for (const [name, ofTable] of Map.groupBy(batch, ({ table }) => table)) {
				const table = tables.get(name)!;
				const changes = ofTable.map(({ change }) => change);
				const { shape } = ofTable.at(-1)!;
				const staged = await table.stageChanges(changes, shape, { fromLsn, toLsn });
				await step("data-written");
				await table.commit(staged);
				await step("first-table-committed");
			}
			await step("tables-committed");
			fromLsn = toLsn;
			onLsn(toLsn);
			const atMs = Date.now();
			diary({
				kind: "batch",
				atMs,
				toLsn,
				transactionCount: new Set(batch.map((event) => event.lsn)).size,
				changeCount: batch.length,
				tookMs: monotonicMs() - sinceMs,
				lag: lagOf(
					batch.map(({ committedMs }) => ({ committedMs })),
					atMs,
				),
			});
			await step("acknowledged");
		}
	};
	try {
		return await Promise.race([work(), broken, ended]);
	} finally {
		await service.destroy().catch(() => {});
	}
}

/** What each message says of a row that is there, or gone. */
function eventReader(keys: ReadonlyMap<string, string[]>): (message: Pgoutput.Message) => Event[] {
	let lsn = 0;
	let committedMs = 0;
	return (message) => {
		if (message.tag === "relation")
			for (const column of message.columns) column.parser = (text: string) => text;
		if (message.tag === "begin") {
			lsn = lsnOf(message.commitLsn!);
			committedMs = Number(message.commitTime.valueOf()) / 1_000;
		}
		if (message.tag !== "insert" && message.tag !== "update" && message.tag !== "delete") return [];
		const { name, columns } = message.relation;
		const key = keys.get(name)!;
		const shape = {
			key,
			columns: columns.map((column) => ({ name: column.name, type: columnTypeOf(column.typeOid) })),
		};
		const change: Change =
			message.tag === "delete"
				? { kind: "delete", key: keyOf((message.old ?? message.key)!, key) }
				: { kind: "upsert", row: sent(message.new), oldKey: null };
		return [{ table: name, shape, change, lsn, committedMs }];
	};
}

/** What did not come is nothing. */
function sent(row: Record<string, string | null | undefined>): Row {
	return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell ?? null]));
}
