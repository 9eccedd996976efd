import { type HookContext, kafkaAdmin, recordsOf, withPostgres } from "faultline";
import kafkajs, { type Admin } from "kafkajs";
import type { EngineContext } from "./engine.ts";
import { engineOf } from "./engines.ts";
import { groupOf, type Topics, topicsOf } from "./names.ts";
import { placeText, type Reading } from "./oracle/history.ts";
import type { P } from "./params.ts";
import {
	committedOf,
	type Logged,
	readPayments,
	readPostings,
	type TopicReader,
} from "./readers.ts";
import { RowReader, resultIn } from "./rows.ts";
import { makeTopics, tablesSql } from "./setup.ts";

type Ctx = HookContext<P, "kafka" | "postgres">;

/** What was read of the results. */
export interface Read {
	result: Reading;
	others: Reading[];
}

/** Reads along the payments and the results while the run goes on, past all proxies, by none of the processors' code. */
export interface Watch {
	payments: readonly Logged[];
	/** Payments whose work is not committed. */
	lag(now: EngineContext): Promise<number>;
	/** What the readers have still to read of what is there. */
	unread(): Promise<number>;
	/** The offset at which the work of each partition goes on. */
	committed(now: EngineContext): Promise<number[]>;
	/** Of the payments' partitions. */
	ends(): Promise<number[]>;
	/** Ends the readers: what they have read. */
	close(): Promise<Read>;
}

/** Makes topics and tables, and watches them. */
export async function openWatch(ctx: Ctx): Promise<Watch> {
	const { direct, names, params } = ctx;
	const { topicPrefix } = names;
	const admin = await kafkaAdmin(direct);
	await Promise.all([
		makeTopics(admin, topicPrefix, params.partitions),
		withPostgres(direct, (client) => client.query(tablesSql(params.guard))),
	]);
	const kafka = new kafkajs.Kafka({
		clientId: "oracle",
		brokers: [...direct.kafka.brokers],
		logLevel: kafkajs.logLevel.NOTHING,
		retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 1_000 },
	});
	const topics = topicsOf(topicPrefix);
	const [{ reader, payments }, results] = await Promise.all([
		readPayments(kafka, topics.payments, `${topicPrefix}oracle-payments`),
		params.sink === "kafka"
			? topicResults(kafka, topics, ctx)
			: rowResults(ctx, params.sink === "upsert" ? "received" : "postings"),
	]);
	const group = groupOf(topicPrefix);
	const ends = async () => endsOf(await admin.fetchTopicOffsets(topics.payments));
	const positions = engineOf(params).positions(params);
	// An engine is asked by who asks: while this is arranged it has not begun.
	const positionsAt = async (now: EngineContext) => {
		switch (positions.by) {
			case "engine":
				return positions.at(now);
			case "table":
				return positionsInTable(direct);
			case "group":
				return positionsOf(admin, group, topics.payments);
			default:
				return positions satisfies never;
		}
	};
	const committed = async (now: EngineContext) => atEach(params.partitions, await positionsAt(now));
	return {
		payments,
		ends,
		committed,
		async lag(now) {
			const [all, done] = await Promise.all([ends(), committed(now)]);
			return all.reduce((sum, end, partition) => sum + end - done[partition]!, 0);
		},
		async unread() {
			const behind = async (one: TopicReader) =>
				one.behind(await admin.fetchTopicOffsets(one.topic));
			const all = await Promise.all([reader, ...results.readers].map(behind));
			return all.reduce((a, b) => a + b, 0);
		},
		async close() {
			const [read] = await Promise.all([results.close(), reader.close()]);
			await admin.disconnect();
			return read;
		},
	};
}

interface Results {
	readers: TopicReader[];
	close(): Promise<Read>;
}

async function topicResults(
	kafka: kafkajs.Kafka,
	{ postings }: Topics,
	{ direct, names: { topicPrefix: prefix }, params }: Ctx,
): Promise<Results> {
	const [committed, uncommitted] = await Promise.all([
		readPostings(kafka, postings, {
			groupId: `${prefix}oracle-committed`,
			isolation: "read_committed",
		}),
		readPostings(kafka, postings, {
			groupId: `${prefix}oracle-uncommitted`,
			isolation: "read_uncommitted",
		}),
	]);
	return {
		readers: [committed.reader, uncommitted.reader],
		async close() {
			await Promise.all([committed.reader.close(), uncommitted.reader.close()]);
			if (!engineOf(params).overlaps)
				return { result: committed.reading, others: [uncommitted.reading] };
			const places = new Set((await recordsOf(direct, postings)).map(placeText));
			return {
				result: committedOf(uncommitted.reading, places),
				others: [uncommitted.reading],
			};
		},
	};
}

async function rowResults({ direct }: Ctx, table: string): Promise<Results> {
	const live = new RowReader(direct, table);
	return {
		readers: [],
		async close() {
			await live.close();
			const view = table === "received" ? "statements" : table;
			const result = await withPostgres(direct, (client) => resultIn(client, view));
			return { result, others: [live.reading] };
		},
	};
}

function endsOf(offsets: readonly { partition: number; high: string }[]): number[] {
	return atEach(
		offsets.length,
		numbers(offsets, ({ high }) => high),
	);
}

/** Where a group goes on. */
async function positionsOf(admin: Admin, groupId: string, topic: string) {
	const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
	return numbers(found?.partitions ?? [], ({ offset }) => offset);
}

async function positionsInTable(direct: Ctx["direct"]) {
	const query = "select partition, next from positions";
	const { rows } = await withPostgres(direct, (client) => client.query(query));
	return numbers(rows, ({ next }) => next);
}

function numbers<T extends { partition: number }>(
	all: readonly T[],
	of: (one: T) => string,
): Map<number, number> {
	return new Map(all.map((one) => [one.partition, Math.max(0, Number(of(one)))]));
}

/** A number for each partition; 0 where there is none. */
function atEach(partitions: number, found: ReadonlyMap<number, number>): number[] {
	return Array.from({ length: partitions }, (_, partition) => found.get(partition) ?? 0);
}
