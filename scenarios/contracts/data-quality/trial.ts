import {
	again,
	codeOf,
	messageOf,
	OperationError,
	pause,
	shrink,
	type Truth,
	type Verdict,
} from "faultline";
import type { Anomaly } from "./anomalies/anomaly.ts";
import {
	anomaliesText,
	deliveryAfter,
	madeAs,
	type Planned,
	simplerAnomalies,
	type Workload,
} from "./anomalies/batches.ts";
import { deliverySql } from "./etl/tables.ts";
import type { Taken, Times } from "./etl/take-batch.ts";
import type { Delivery } from "./sales/sale.ts";

/** What a trial is done with. */
export interface Tools {
	/** Runs statements in one transaction of the source. */
	transact(statements: { text: string; values?: unknown[] }[], signal: AbortSignal): Promise<void>;
	/** Has the loader take a batch, once. */
	take(batch: number, signal: AbortSignal): Promise<Taken>;
}

export interface Limits {
	askAgainMs: number;
	shrinkTriesMax: number;
}

/** What is kept of a batch that was handed over. */
export type TrialReceipt = {
	batch: number;
	verdict: Verdict;
	/** Tries that came to no end, with the reason of each. */
	interrupted: string[];
	/** What was said when the batch was handed over once more; null where it was not. */
	again: "same" | "another" | null;
	/** Of the try that came to an end. */
	ms: Times;
	/** Of a violating batch that was loaded, the smallest form that would be; null where nobody has looked for it. */
	smallest: string | null;
};

/** From here on numbers of batches are of smaller forms of those that slipped through. */
export const smallerFrom = 10_000;
const smallerEach = 100;

/** One trial: a batch is handed over, and the loader is asked until it has an answer. */
export async function bringBatch(
	workload: Workload,
	planned: Planned,
	tools: Tools,
	limits: Limits,
	signal: AbortSignal,
): Promise<TrialReceipt> {
	const { batch } = planned;
	try {
		// Settled before anybody looks at the batch.
		const truth = madeAs(workload, planned);
		await handOver(deliveryAfter(workload, planned), tools, signal);
		const interrupted: string[] = [];
		const beganMs = performance.now();
		const ask = () => untilTaken(batch, tools, limits.askAgainMs, interrupted, signal);
		const [taken, beside] = await Promise.all([ask(), planned.again === "beside" ? ask() : null]);
		const timeMs = performance.now() - beganMs;
		const after = planned.again === "after" ? await ask() : beside;
		const slipped = taken.kind === "loaded" && truth.kind === "violating";
		return {
			batch,
			verdict: verdictOf(taken, timeMs),
			interrupted,
			again: after === null ? null : isSame(taken, after) ? "same" : "another",
			ms: taken.ms ?? beside?.ms ?? null,
			smallest: slipped ? await smallestOf(workload, planned, truth, tools, limits, signal) : null,
		};
	} catch (error) {
		if (signal.aborted) throw new OperationError("unknown", "deadline");
		throw error;
	}
}

function handOver(delivery: Delivery, { transact }: Tools, signal: AbortSignal): Promise<void> {
	const statements = deliverySql(delivery);
	return again(() => transact(statements, signal), signal);
}

type Decided = Exclude<Taken, { kind: "none" }>;

/** A loader that is away, or that has no verdict, is asked again: a batch that it has decided stays decided. */
async function untilTaken(
	batch: number,
	{ take }: Tools,
	askAgainMs: number,
	interrupted: string[],
	signal: AbortSignal,
): Promise<Decided> {
	for (;;) {
		const taken = await take(batch, signal).catch((error: unknown): Taken => {
			signal.throwIfAborted();
			return { kind: "none", reason: codeOf(error) ?? messageOf(error) };
		});
		if (taken.kind !== "none") return taken;
		interrupted.push(taken.reason);
		await pause(askAgainMs, signal);
		signal.throwIfAborted();
	}
}

const messageLength = 1_200;

function verdictOf(taken: Decided, timeMs: number): Verdict {
	switch (taken.kind) {
		case "loaded":
			return { kind: "passed", timeMs };
		case "rejected":
			return { kind: "blocked", message: taken.error.slice(0, messageLength), timeMs };
		default:
			return taken satisfies never;
	}
}

function isSame(a: Decided, b: Decided): boolean {
	return a.kind === "rejected" && b.kind === "rejected"
		? a.error === b.error && a.page === b.page
		: a.kind === b.kind;
}

async function smallestOf(
	workload: Workload,
	{ batch, anomalies }: Planned,
	truth: Truth,
	tools: Tools,
	{ askAgainMs, shrinkTriesMax }: Limits,
	signal: AbortSignal,
): Promise<string | null> {
	if (shrinkTriesMax === 0) return null;
	let tries = 0;
	const slips = async (smaller: Anomaly[]) => {
		const form = { batch, anomalies: smaller };
		if (madeAs(workload, form).kind !== truth.kind) return false;
		const number = smallerFrom + batch * smallerEach + tries++;
		await handOver({ ...deliveryAfter(workload, form), batch: number }, tools, signal);
		return (await untilTaken(number, tools, askAgainMs, [], signal)).kind === "loaded";
	};
	const { smallest } = await shrink(anomalies, simplerAnomalies, slips, shrinkTriesMax);
	return anomaliesText(smallest);
}
