import type { Taken } from "../posting.ts";
import { type History, type Place, placeText, type Read, type Reading } from "./history.ts";
import { truthOf } from "./truth.ts";

/** What can be wrong, by the names that the checkers of this field use, and what each means here. */
export const anomalies = {
	"lost-write":
		"a payment whose work was acknowledged as committed, and read on past, is not among the results",
	unseen: "a payment, acknowledged or not, behind which nothing of its partition was read",
	"poll-skip": "a payment that no processor has done, and that was gone on behind",
	duplicate: "a payment that is among the results more than once",
	phantom: "a result of no payment",
	"aborted-read": "a result of an attempt that was aborted, seen with read_committed",
	reordered: "a result behind that of a later payment of its partition",
	"wrong-balance": "a result that is not what its payment comes to on those before it",
	"nonmonotonic-poll": "a reader that was given a place again, or an earlier one",
	"inconsistent-offsets": "a place at which two readers saw different results",
} as const;

export type AnomalyName = keyof typeof anomalies;

/** One thing that is wrong, by account, partition and offset. */
export interface Anomaly {
	anomaly: AnomalyName;
	account: string;
	/** Of the payment. */
	source: Place;
	/** Of the result; null where there is none. */
	place: Place | null;
	reader: string;
	attempt: string | null;
}

/** All that is wrong in a history. */
export function anomaliesOf(history: History): Anomaly[] {
	const { result, others } = history;
	const readings = [result, ...others];
	return [
		...missing(history),
		...surplus(history),
		...readings.flatMap((reading) => abortedReads(reading, history)),
		...reordered(result),
		...wrongBalances(history),
		...readings.flatMap(nonmonotonicPolls),
		...inconsistentOffsets(readings),
	];
}

const ofResults: readonly AnomalyName[] = [
	"lost-write",
	"unseen",
	"poll-skip",
	"duplicate",
	"wrong-balance",
];

/** How many payments have one result, and a right one. */
export function rightCount(input: readonly Taken[], found: readonly Anomaly[]): number {
	const wrong = new Set(
		found
			.filter(({ anomaly }) => ofResults.includes(anomaly))
			.map(({ source }) => placeText(source)),
	);
	return input.length - wrong.size;
}

/** An anomaly in a line. */
export function anomalyText({ anomaly, account, source, place, reader, attempt }: Anomaly): string {
	const at = place === null ? "" : `, result ${placeText(place)}`;
	const by = attempt === null ? "" : `, attempt ${attempt}`;
	return `${anomaly}: ${account}, payment ${placeText(source)}${at}${by} (${reader})`;
}

function missing({ input, attempts, result }: History): Anomaly[] {
	const there = new Set(result.reads.map(({ source }) => placeText(source)));
	const acknowledged = new Map(
		attempts
			.filter(({ told }) => told === "committed")
			.flatMap(({ id, partition, offsets }) =>
				offsets.map((offset) => [placeText({ partition, offset }), id] as const),
			),
	);
	const furthest = new Map<number, number>();
	for (const { source } of result.reads)
		furthest.set(source.partition, Math.max(source.offset, furthest.get(source.partition) ?? -1));
	return input
		.filter((payment) => !there.has(placeText(payment)))
		.map((payment) => {
			const attempt = acknowledged.get(placeText(payment)) ?? null;
			const isPassed = payment.offset < (furthest.get(payment.partition) ?? -1);
			const passed = attempt === null ? "poll-skip" : "lost-write";
			return ofPayment(isPassed ? passed : "unseen", payment, result, attempt);
		});
}

function surplus({ input, result }: History): Anomaly[] {
	const payments = new Set(input.map(placeText));
	const seen = new Set<string>();
	return result.reads.flatMap((read) => {
		const key = placeText(read.source);
		if (!payments.has(key)) return ofRead("phantom", read, result);
		if (seen.has(key)) return ofRead("duplicate", read, result);
		seen.add(key);
		return [];
	});
}

function abortedReads(reading: Reading, { attempts }: History): Anomaly[] {
	if (reading.isolation !== "read_committed") return [];
	const aborted = new Set(attempts.flatMap(({ id, told }) => (told === "aborted" ? [id] : [])));
	return reading.reads
		.filter(({ attempt }) => aborted.has(attempt))
		.map((read) => ofRead("aborted-read", read, reading));
}

/** What comes again is a duplicate, and not also out of order. */
function reordered(result: Reading): Anomaly[] {
	const furthest = new Map<number, number>();
	const seen = new Set<string>();
	return result.reads.filter(firstOnes(seen)).flatMap((read) => {
		const { partition, offset } = read.source;
		const before = furthest.get(partition) ?? -1;
		furthest.set(partition, Math.max(before, offset));
		return offset < before ? [ofRead("reordered", read, result)] : [];
	});
}

function wrongBalances({ input, result }: History): Anomaly[] {
	const truth = truthOf(input);
	const payments = new Map(input.map((payment) => [placeText(payment), payment]));
	return result.reads.flatMap((read) => {
		const key = placeText(read.source);
		const [payment, wanted] = [payments.get(key), truth.get(key)];
		if (payment === undefined || wanted === undefined) return []; // a phantom
		const right =
			read.account === payment.account &&
			read.cents === payment.cents &&
			read.seq === wanted.seq &&
			read.balanceCents === wanted.balanceCents;
		return right ? [] : [ofRead("wrong-balance", read, result)];
	});
}

function nonmonotonicPolls(reading: Reading): Anomaly[] {
	const last = new Map<number, number>();
	return reading.reads.flatMap((read) => {
		const { partition, offset } = read.place;
		const before = last.get(partition) ?? -1;
		last.set(partition, offset);
		return offset <= before ? [ofRead("nonmonotonic-poll", read, reading)] : [];
	});
}

function inconsistentOffsets(readings: readonly Reading[]): Anomaly[] {
	const first = new Map<string, string>();
	return readings.flatMap((reading) =>
		reading.reads.flatMap((read) => {
			const { source, account, cents, attempt } = read;
			const content = JSON.stringify([placeText(source), account, cents, attempt]);
			const key = placeText(read.place);
			const before = first.get(key) ?? content;
			first.set(key, before);
			return before === content ? [] : [ofRead("inconsistent-offsets", read, reading)];
		}),
	);
}

function firstOnes(seen: Set<string>): (read: Read) => boolean {
	return ({ source }) => {
		const key = placeText(source);
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	};
}

function ofPayment(
	anomaly: AnomalyName,
	{ account, partition, offset }: Taken,
	{ reader }: Reading,
	attempt: string | null,
): Anomaly {
	return { anomaly, account, source: { partition, offset }, place: null, reader, attempt };
}

function ofRead(
	anomaly: AnomalyName,
	{ account, source, place, attempt }: Read,
	{ reader }: Reading,
): Anomaly {
	return { anomaly, account, source, place, reader, attempt };
}
