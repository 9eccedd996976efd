import { postgresConfigs } from "faultline/subject";
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from "pg-logical-replication";
import type { Change } from "../../lake/changes.ts";
import { columnTypeOf, keyOf, type Shape } from "../../lake/columns.ts";
import { lsnOf, lsnText } from "../../lsn.ts";
import type { ChangeStream, Receiver } from "../feed.ts";
import type { SourceTable } from "../source.ts";
import type { Transaction } from "../transaction.ts";

/** Cells stay as Postgres writes them: a number or a time that is parsed may come back as another. */
class TextPlugin extends PgoutputPlugin {
	override parse(buffer: Buffer): Pgoutput.Message {
		const message = super.parse(buffer);
		if (message.tag === "relation")
			for (const column of message.columns) column.parser = (text: string) => text;
		return message;
	}
}

export interface StreamOptions extends Receiver {
	url: string;
	slot: string;
	publication: string;
	tables: readonly SourceTable[];
	/** Transactions that end up to here are not sent. */
	fromLsn: number;
}

/**
 * The transactions behind an LSN, in the order of their commits. Of the library three things have to be known: it
 * acknowledges what it has merely received every ten seconds, unless that is told to be 0 seconds; it adds 1 to what it is
 * told to acknowledge, which is past the begin of a commit that follows at once, and would lose that; and after a listener
 * that failed it goes on with the next message.
 */
export function openStream(options: StreamOptions): ChangeStream {
	const { url, slot, publication, fromLsn, onTransaction, onAsked } = options;
	const service = new LogicalReplicationService(postgresConfigs(url)[0], {
		acknowledge: { auto: false, timeoutSeconds: 0 },
		flowControl: { enabled: true },
	});
	const read = transactionReader(options.tables, fromLsn);
	let failed = false;
	const broken = new Promise<never>((_, reject) => {
		const fail = (error: unknown) => {
			failed = true;
			reject(error);
		};
		service.on("error", fail);
		service.on("data", async (_lsn, message: Pgoutput.Message) => {
			if (failed) return;
			const transaction = read(message);
			if (transaction !== null) await onTransaction(transaction);
		});
		service.on("heartbeat", (_lsn, _timestamp, shouldRespond) => {
			if (shouldRespond) onAsked();
		});
		const plugin = new TextPlugin({ protoVersion: 1, publicationNames: [publication] });
		service
			.subscribe(plugin, slot, lsnText(fromLsn))
			.then(() => fail(new Error("the stream has ended")), fail);
	});
	broken.catch(() => {}); // heard by whoever waits for it
	return {
		broken,
		acknowledge: async ({ lsn }) => void (await service.acknowledge(lsnText(lsn - 1))),
		close: async () => void (await service.destroy().catch(() => {})),
	};
}

/** Puts messages together to transactions, each given with the message of its commit. */
function transactionReader(
	tables: readonly SourceTable[],
	fromLsn: number,
): (message: Pgoutput.Message) => Transaction | null {
	const keys = new Map(tables.map(({ name, key }) => [name, key]));
	let changes: { table: string; shape: Shape; change: Change }[] = [];
	const push = (relation: Pgoutput.MessageRelation, changeOf: (key: string[]) => Change) => {
		const key = keys.get(relation.name);
		if (key === undefined) throw new Error(`${relation.name} is captured since the stream began`);
		const columns = relation.columns.map(({ name, typeOid }) => ({
			name,
			type: columnTypeOf(typeOid),
		}));
		changes.push({ table: relation.name, shape: { columns, key }, change: changeOf(key) });
	};
	return (message) => {
		switch (message.tag) {
			case "begin":
				changes = [];
				return null;
			case "insert":
				push(message.relation, () => ({ kind: "upsert", row: message.new, oldKey: null }));
				return null;
			case "update": {
				const old = message.old ?? message.key;
				push(message.relation, (key) => ({
					kind: "upsert",
					row: message.new,
					oldKey: old === null ? null : keyOf(old, key),
				}));
				return null;
			}
			case "delete":
				push(message.relation, (key) => ({
					kind: "delete",
					key: keyOf((message.old ?? message.key)!, key),
				}));
				return null;
			case "truncate":
				for (const relation of message.relations) push(relation, () => ({ kind: "truncate" }));
				return null;
			case "commit": {
				const endLsn = lsnOf(message.commitEndLsn!);
				if (endLsn <= fromLsn) return null;
				const committedMs = Number(message.commitTime.valueOf() as bigint) / 1_000;
				return { endLsn, offset: null, committedMs, changes };
			}
			case "relation":
			case "type":
			case "origin":
			case "message":
				return null;
			default:
				return message satisfies never;
		}
	};
}
