import { fitGrowth, partitionOfKey } from "faultline";
import { decode, encode } from "./purchase.ts";
import { PurchaseStream } from "./purchases.ts";
import { WindowJob } from "./window-job.ts";

// How state and work grow, measured on the job itself: `node measure-growth.ts`. Bytes are those of the changelog, and
// depend on nothing but the seed; times are the processor's.

const partitions = 4;
/** Messages between two commits: what a replay takes at once. */
const committedCount = 2_000;

export interface Measured {
	users: number;
	count: number;
	windowBytes: number;
	idsBytes: number;
	usPerEvent: number;
}

/** So many users' purchases of some hours, taken through the job. */
export function measure(users: number, count: number, hours = 3): Measured {
	const times = { delayMsMax: 120_000, horizonMs: 7_200_000, skewMs: 20_000 };
	const gapMs = (hours * 3_600_000) / count;
	const purchases = new PurchaseStream(
		{
			...times,
			seed: 1,
			users,
			partitions,
			gapMs,
			repeatedPct: 1,
			aheadMs: 600_000,
			quietCount: Math.ceil(600_000 / gapMs),
		},
		(key) => partitionOfKey(Buffer.from(key), partitions),
	);
	const jobs = Array.from({ length: partitions }, () => new WindowJob({ ...times, read: decode }));
	const trace = { sentAtMs: null, phase: "" };
	const messages = Array.from({ length: count }, (_, n) => ({
		value: encode({ ...purchases.at(n), n, ...trace }),
		job: jobs[purchases.partitionAt(n)]!,
	}));
	let [windowBytes, idsBytes] = [0, 0];
	const from = process.cpuUsage();
	for (const [n, { job, value }] of messages.entries()) {
		job.process(value);
		if (n % committedCount !== committedCount - 1) continue;
		for (const one of jobs) one.take();
		windowBytes = Math.max(windowBytes, sum(jobs.map(({ stateBytes }) => stateBytes.windows)));
		idsBytes = Math.max(idsBytes, sum(jobs.map(({ stateBytes }) => stateBytes.ids)));
	}
	const { user, system } = process.cpuUsage(from);
	return { users, count, windowBytes, idsBytes, usPerEvent: (user + system) / count };
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((a, b) => a + b, 0);
}

/** The exponent of a quantity against another. */
export function exponentOf(
	measured: readonly Measured[],
	size: "users" | "count",
	value: "windowBytes" | "idsBytes",
): number {
	return fitGrowth(measured.map((one) => ({ size: one[size], value: one[value] })))!.exponent;
}

if (import.meta.main) {
	const byEvents = [100_000, 200_000, 400_000, 800_000].map((count) => measure(100, count));
	const byUsers = [100, 200, 400, 800].map((users) => measure(users, 4_000 * users));
	for (const { users, count, windowBytes, idsBytes, usPerEvent } of [...byEvents, ...byUsers])
		console.log(
			`${count} purchases of ${users} users: windows ${windowBytes} bytes, ids ${idsBytes} bytes, ${usPerEvent.toFixed(1)} µs each`,
		);
	console.log(`windows ~ purchases^${exponentOf(byEvents, "count", "windowBytes").toFixed(3)}`);
	console.log(`ids ~ purchases^${exponentOf(byEvents, "count", "idsBytes").toFixed(3)}`);
	console.log(`windows ~ users^${exponentOf(byUsers, "users", "windowBytes").toFixed(3)}`);
}
