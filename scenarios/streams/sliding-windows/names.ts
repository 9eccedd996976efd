import { partitionOfKey, type RunNames } from "faultline";
import type { P } from "./params.ts";
import { PurchaseStream } from "./purchases.ts";

// What a run calls its topics and its group, and what the messages of its parameters are.

/** Without the run's prefix. Of its own for each case: a topic that is deleted is not there for a while under its name. */
export function inputName({ backlog }: Pick<P, "backlog">): string {
	return `purchases-${backlog}`;
}

export function topicsOf({ topicPrefix }: RunNames, p: Pick<P, "backlog">) {
	const input = `${topicPrefix}${inputName(p)}`;
	return { input, results: `${input}-results`, changelog: `${input}-changelog` };
}

/** The consumer group, without the run's prefix. */
export function groupName(p: Pick<P, "backlog">): string {
	return `${inputName(p)}-windows`;
}

export function purchasesOf(p: P): PurchaseStream {
	const { ratePerSec, quietMs, partitions } = p;
	const quietCount = Math.ceil((ratePerSec * quietMs) / 1_000);
	return new PurchaseStream({ ...p, quietCount }, (key) =>
		partitionOfKey(Buffer.from(key), partitions),
	);
}

/** The members of the group, where an engine has a process for each. */
export function consumerNames({ consumers }: Pick<P, "consumers">): string[] {
	return Array.from({ length: consumers }, (_, i) => `consumer-${i + 1}`);
}
