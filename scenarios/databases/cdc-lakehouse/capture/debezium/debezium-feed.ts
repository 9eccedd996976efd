import type { Position } from "../../lake/position.ts";
import type { ChangeStream, Feed, Receiver, Snapshot } from "../feed.ts";
import {
	markLog,
	type SourceOptions,
	type SourceTable,
	slotOf,
	tablesOf,
	withSource,
} from "../source.ts";
import type { Noted } from "./connector.ts";
import { unsentMark } from "./connector-settings.ts";
import { decoder, type Told, UnknownColumn } from "./event.ts";
import { FirstRows } from "./first-rows.ts";
import { type KeptConnector, keepConnector } from "./keep-connector.ts";
import type { DebeziumOptions } from "./options.ts";
import { BegunAnew, TopicSpoilt } from "./spoilt.ts";
import { filesOf } from "./table-files.ts";
import { kafkaOf, makeLogTopic, readTopic, type TopicReading } from "./topic.ts";
import { Transactions } from "./transactions.ts";

type OnTold = (told: Told, offset: number) => Promise<void> | null;
/** Reads what the topic's records tell, from an offset on. */
type Read = (tables: readonly SourceTable[], from: number, onTold: OnTold) => TopicReading;

/**
 * Through a topic that Debezium writes to, on Kafka Connect. The tables say where it is read on, by the offset that lies in the
 * same version as the LSN; the group is told as well, for those who watch it.
 */
export function debeziumFeed(options: DebeziumOptions): Feed {
	const { url, publication } = options.source;
	const kafka = kafkaOf(options);
	let kept: KeptConnector | null = null;
	/** What the topic has is of no use any more. */
	let isSpoilt = false;
	const read: Read = (tables, from, onTold) => {
		const reading = readTold(options, tables, from, onTold);
		reading.broken.catch((error: unknown) => {
			isSpoilt ||= error instanceof TopicSpoilt;
		});
		return reading;
	};
	return {
		tables: () => withSource(url, (client) => tablesOf(client, publication)),
		async snapshot(has, tables) {
			if (kept === null) {
				await makeLogTopic(kafka, options.topic);
				kept = keepConnector(options, tables);
			}
			if (has !== null && !isSpoilt) return null;
			for (;;) {
				const noted = isSpoilt ? null : await kept.noted();
				if (noted !== null) return readFirstRows(read, options.source, tables, noted);
				await kept.beginAnew();
				isSpoilt = false;
			}
		},
		open: (from, tables, receiver) => openTopic(read, from, tables, receiver),
	};
}

async function readFirstRows(
	read: Read,
	source: SourceOptions,
	tables: readonly SourceTable[],
	noted: Noted,
): Promise<Snapshot> {
	const rows = new FirstRows(tables);
	const { promise, resolve } = Promise.withResolvers<Snapshot>();
	const reading = read(tables, noted.offset, (told, offset) => {
		const given = rows.take(told, offset);
		switch (given.kind) {
			case "more":
				return null;
			case "begun":
				return withSource(source.url, (client) => slotOf(client, source.slot)).then((slot) => {
					// A slot that has exported no snapshot for these rows stands where one before it began.
					if (slot !== null && slot.confirmedLsn < given.lsn) throw new BegunAnew(given.lsn);
				});
			case "all-read":
				// Whatever was done to a table before it was read is seen here.
				return withSource(source.url, async (client) => {
					const now = await filesOf(client, source.publication);
					rows.marked({ lsn: await markLog(client), before: noted.files, now });
				});
			case "settled":
				resolve(given.snapshot);
				return null;
			default:
				return given satisfies never;
		}
	});
	try {
		return await Promise.race([promise, reading.broken]);
	} finally {
		await reading.close();
	}
}

function openTopic(
	read: Read,
	from: Position,
	tables: readonly SourceTable[],
	{ onTransaction }: Receiver,
): ChangeStream {
	const transactions = new Transactions(from);
	let last: Promise<void> = Promise.resolve();
	const reading = read(tables, from.offset ?? 0, (told, offset) => {
		if (told.kind === "row") throw new BegunAnew(told.lsn);
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
	onTold: OnTold,
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
