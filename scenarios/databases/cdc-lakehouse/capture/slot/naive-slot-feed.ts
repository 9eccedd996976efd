import { postgresConfigs } from "faultline/subject";
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from "pg-logical-replication";
import type { Change } from "../../lake/changes.ts";
import { columnTypeOf, keyOf } from "../../lake/columns.ts";
import { lsnOf } from "../../lsn.ts";
import { type NaiveEvent, type NaiveFeed, sent } from "../naive.ts";
import { type SourceOptions, slotOf, withSource } from "../source.ts";
import { readAll } from "./snapshot.ts";

/**
 * It lets the library acknowledge what it has received, goes on where the slot is, and copies the tables and makes the slot
 * one after the other.
 */
export function naiveSlotFeed({ url, slot, publication }: SourceOptions): NaiveFeed {
	return {
		async open(tables, lake, tell) {
			const found = await withSource(url, (client) => slotOf(client, slot));
			if (found === null)
				await withSource(url, async (client) => {
					for (const [name, { rows, shape }] of await readAll(client, publication)) {
						const table = lake.get(name)!;
						await table.commit(await table.stageSnapshot(rows, shape, { lsn: 1, offset: null }));
					}
					await client.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
				});
			const service = new LogicalReplicationService(postgresConfigs(url)[0]);
			const read = eventReader(new Map(tables.map(({ name, key }) => [name, key])));
			service.on("data", (_lsn, message: Pgoutput.Message) => tell(read(message)));
			const broken = new Promise<never>((_, reject) => {
				service.on("error", reject);
				const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [publication] });
				service
					.subscribe(plugin, slot)
					.then(() => reject(new Error("the stream has ended")), reject);
			});
			broken.catch(() => {}); // heard by whoever waits for it
			return {
				fromLsn: found?.confirmedLsn ?? 1,
				broken,
				close: async () => void (await service.destroy()),
			};
		},
	};
}

/** What each message says of a row that is there, or gone: old keys stay, and what was not sent is null. */
function eventReader(
	keys: ReadonlyMap<string, string[]>,
): (message: Pgoutput.Message) => NaiveEvent[] {
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
