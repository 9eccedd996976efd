import { type Latency, latencyOf } from "faultline";
import { deliveredOf } from "./delivered.ts";
import { compareLags, type LagAgreement, type LagSample, lagOf, total } from "./lag.ts";
import { type KeyOrder, keyOrderOf } from "./order.ts";
import { countsOf, type Line, type PartEntry, partsOf } from "./record.ts";

/** One look at the lag, in run time. */
export type LagAt = { atMs: number; lag: number[]; ends: number[] };

/** What is seen of a case when it is over. */
export type Observed = {
	/** By partition: what the log holds, what the group took, and what the consumers' record says of it. */
	partitions: {
		end: number;
		committed: number;
		position: number;
		delivered: number;
		sum: number | null;
		skippedCount: number;
		redeliveredCount: number;
	}[];
	lags: LagAt[];
	agreement: LagAgreement;
	/** Commits that the group did not take, because it had been divided anew. */
	refusedCount: number;
	order: KeyOrder;
	/** Of the messages that were to be sent in steady state. */
	latency: Latency;
	/** Each time that a partition went from one consumer to another, in run time. */
	takeovers: { partition: number; from: string; to: string; firstAtMs: number }[];
};

export interface Evidence {
	/** By consumer. */
	records: Readonly<Record<string, readonly Line[]>>;
	/** The last is of after the end of the consumers. */
	samples: readonly LagSample[];
	partitions: number;
	/** Where times are counted from, on the machine's monotonic clock. */
	zeroMs: number;
	/** The phase whose latency is asked for. */
	phase: string;
}

const disagreementsShown = 10;

/** Puts the consumers' record and the broker's lag beside each other. */
export function conclude({ records, samples, partitions, zeroMs, phase }: Evidence): Observed {
	const byPartition = partsOf(records, partitions);
	const { ends, committed } = samples.at(-1)!;
	const agreement = compareLags(samples, byPartition);
	const lastLines = Object.values(records).flatMap(lastLinesOf);
	const counted = (name: "regressionCount" | "refusedCount") =>
		total(lastLines.map((line) => line[name]));
	return {
		partitions: byPartition.map((parts, partition) => {
			const { count, sum, skippedCount, redeliveredCount } = deliveredOf(parts);
			const position = parts.at(-1)?.to ?? 0;
			const log = { end: ends[partition]!, committed: committed[partition]! };
			return { ...log, position, delivered: count, sum, skippedCount, redeliveredCount };
		}),
		lags: samples.map((sample) => ({
			atMs: Math.round(sample.toMs - zeroMs),
			lag: lagOf(sample),
			ends: sample.ends,
		})),
		agreement: {
			...agreement,
			disagreements: agreement.disagreements.slice(0, disagreementsShown),
		},
		refusedCount: counted("refusedCount"),
		order: keyOrderOf(byPartition, counted("regressionCount")),
		latency: latencyOf(countsOf(records, phase)),
		takeovers: takeoversOf(byPartition).map((takeover) => ({
			...takeover,
			firstAtMs: Math.round(takeover.firstAtMs - zeroMs),
		})),
	};
}

/** Of each process: its counts go on from line to line. */
function lastLinesOf(lines: readonly Line[]): Line[] {
	return [...new Map(lines.map((line) => [line.pid, line])).values()];
}

function takeoversOf(byPartition: readonly PartEntry[][]): Observed["takeovers"] {
	return byPartition.flatMap((parts, partition) =>
		parts.flatMap((part, i) => {
			const before = parts[i - 1];
			return before === undefined || before.consumer === part.consumer
				? []
				: [{ partition, from: before.consumer, to: part.consumer, firstAtMs: part.firstAtMs }];
		}),
	);
}
