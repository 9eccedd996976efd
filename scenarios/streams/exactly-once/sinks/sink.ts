import type { Admin, Kafka } from "kafkajs";
import type { Attempt } from "../attempts.ts";
import type { Topics } from "../names.ts";
import type { Taken } from "../posting.ts";

/** What a sink works with. */
export interface SinkOptions {
	kafka: Kafka;
	admin: Admin;
	topics: Topics;
	group: string;
	databaseUrl: string;
	/** After which Kafka aborts a transaction, and Postgres ends one in which nothing is done. */
	transactionTimeoutMs: number;
	idleTimeoutMs: number;
}

/** Some payments of one partition, in its order, whose work is to be done as a whole. */
export interface Work extends Attempt {
	partition: number;
	payments: readonly Taken[];
	/** The offset after them. */
	next: number;
	/** Commits that offset to the consumer group, as a member of it: refused once the group has gone on without us. */
	commitOffset(): Promise<void>;
}

/** Where the results go, and how often a result can come there: each file beside this is one way. */
export interface Sink {
	/** Whether an attempt that did not commit leaves nothing that a reader could see. */
	readonly atomic: boolean;
	/** Makes us the only one who writes for this partition, and says at which offset its work goes on. */
	take(partition: number): Promise<number>;
	/** Rejects where it is not known to be done: whoever has the partition then takes it anew. */
	write(work: Work): Promise<void>;
	/** Whether an error says that the partition is somebody else's by now. */
	isFencing(error: unknown): boolean;
	close(): Promise<void>;
}

/** Where the consumer group goes on in a partition: for sinks whose offsets lie there. */
export async function committedOffset(
	{ admin, group, topics }: Pick<SinkOptions, "admin" | "group" | "topics">,
	partition: number,
): Promise<number> {
	const [found] = await admin.fetchOffsets({ groupId: group, topics: [topics.payments] });
	const offset = Number(found?.partitions.find((one) => one.partition === partition)?.offset ?? -1);
	return Math.max(0, offset);
}

/** What Kafka says to a member that the group has gone on without. */
const strangers = ["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS"];
/** And to a producer whose transactional id has a newer one, or whose transaction took too long. */
const oldProducers = ["INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED", "INVALID_TXN_STATE"];

export function isStranger(error: unknown): boolean {
	return strangers.includes(typeOf(error));
}

export function isOldProducer(error: unknown): boolean {
	return oldProducers.includes(typeOf(error));
}

function typeOf(error: unknown): string {
	return error instanceof Error && "type" in error ? String(error.type) : "";
}
