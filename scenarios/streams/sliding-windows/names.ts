import { partitionOfKey } from "faultline";
import type { MessageOf } from "../../subjects/streams/produce-seeded.ts";
import type { StreamNames } from "../../subjects/streams/stream-topics.ts";
import type { P } from "./params.ts";
import { encode } from "./purchase.ts";
import { PurchaseStream } from "./purchases.ts";
import { resultsTopic } from "./window-job.ts";

// What a run calls its topics and its group, and what the messages of its parameters are.

/** Without the run's prefix. Of its own for each case: a topic that is deleted is not there for a while under its name. */
export function streamOf({ backlog }: Pick<P, "backlog">): StreamNames {
	return { input: `purchases-${backlog}`, group: "windows", results: [resultsTopic] };
}

/** The consumer group, without the run's prefix. */
export function groupName(p: Pick<P, "backlog">): string {
	const { input, group } = streamOf(p);
	return `${input}-${group}`;
}

export function purchasesOf(p: P): PurchaseStream {
	const { ratePerSec, quietMs, partitions } = p;
	const quietCount = Math.ceil((ratePerSec * quietMs) / 1_000);
	return new PurchaseStream({ ...p, quietCount }, (key) =>
		partitionOfKey(Buffer.from(key), partitions),
	);
}

/** The n-th message, as it is sent. */
export function messageOf(p: P): MessageOf {
	const purchases = purchasesOf(p);
	return (n, sent) => {
		const purchase = purchases.at(n);
		const trace = { n, sentAtMs: sent?.atMs ?? null, phase: sent?.phase ?? "before" };
		return {
			key: Buffer.from(purchase.user),
			value: encode({ ...purchase, ...trace }),
			partition: purchases.partitionAt(n),
		};
	};
}
