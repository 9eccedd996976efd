import type { ChangeStream, Feed, Receiver } from "../feed.ts";
import { type SourceTable, tablesOf, withSource } from "../source.ts";
import { keepConnector, unsentMark } from "./connector.ts";
import { decoder, type Told, UnknownColumn } from "./event.ts";
import type { DebeziumOptions } from "./options.ts";
import { SnapshotRows } from "./snapshot-rows.ts";
import { kafkaOf, makeLogTopic, readTopic, type TopicReading } from "./topic.ts";
import { Transactions } from "./transactions.ts";

/**
 * Through a topic that Debezium writes to, on Kafka Connect. The tables say where it is read on, by the offset that lies in the
 * same version as the LSN; the group is told as well, for those who watch it.
 */
export function debeziumFeed(options: DebeziumOptions): Feed {
	let isKept = false;
	const { url, publication } = options.source;
	return {
		tables: () => withSource(url, (client) => tablesOf(client, publication)),
		async snapshot(has, tables) {
			if (!isKept) {
				await makeLogTopic(kafkaOf(options), options.topic);
				void keepConnector(options, tables);
				isKept = true;
			}
			if (has !== null) return null;
			const rows = new SnapshotRows(tables);
			const { promise, resolve } = Promise.withResolvers<ReturnType<SnapshotRows["take"]>>();
			const reading = readTold(options, tables, 0, (told, offset) => {
				const snapshot = rows.take(told, offset);
				if (snapshot !== null) resolve(snapshot);
				return null;
			});
			try {
				return await Promise.race([promise, reading.broken]);
			} finally {
				await reading.close();
			}
		},
		open: (from, tables, receiver) =>
			openTopic(options, tables, new Transactions(from), from.offset ?? 0, receiver),
	};
}

function openTopic(
	options: DebeziumOptions,
	tables: readonly SourceTable[],
	transactions: Transactions,
	from: number,
	{ onTransaction }: Receiver,
): ChangeStream {
	let last: Promise<void> = Promise.resolve();
	const reading = readTold(options, tables, from, (told, offset) => {
		const whole = transactions.take(told, offset);
		if (whole.length === 0) return null;
		last = last.then(() => inTurn(whole, onTransaction));
		return last;
	});
	return {
		broken: reading.broken,
		acknowledge: async ({ offset }) => {
			// Nobody goes on from there: a group that was divided anew meanwhile is told the next time.
			if (offset !== null) await reading.commit(offset).catch(() => {});
		},
		close: () => reading.close(),
	};
}

async function inTurn<T>(all: readonly T[], act: (one: T) => Promise<void> | void): Promise<void> {
	for (const one of all) await act(one);
}

/** What the topic's records tell; a column that is new is looked up in the catalog. */
function readTold(
	options: DebeziumOptions,
	tables: readonly SourceTable[],
	from: number,
	onTold: (told: Told, offset: number) => Promise<void> | null,
): TopicReading {
	const { url, publication } = options.source;
	let decode = decoder(tables, unsentMark);
	return readTopic(options, from, ({ offset, value }) => {
		try {
			return onTold(decode(value), offset);
		} catch (error) {
			if (!(error instanceof UnknownColumn)) throw error;
		}
		return withSource(url, (client) => tablesOf(client, publication)).then((now) => {
			decode = decoder(now, unsentMark);
			return onTold(decode(value), offset) ?? undefined;
		});
	});
}
