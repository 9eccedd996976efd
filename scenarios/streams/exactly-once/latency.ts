import { type Latency, latencyOf, type timesOf } from "faultline";
import { LatencyCounts } from "faultline/subject";
import type { WrittenAttempt } from "./oracle/attempts.ts";
import { placeText } from "./oracle/history.ts";
import type { Logged } from "./readers.ts";

type Times = Awaited<ReturnType<typeof timesOf>>;

/** From when payments were due until the first attempt that has them was committed, by these times of the payments. */
export function latencyOfWork(
	attempts: readonly WrittenAttempt[],
	payments: readonly Pick<Logged, "n" | "partition" | "offset">[],
	times: Times,
	zeroMs: number,
): Latency {
	const committedMs = new Map<string, number>();
	for (const { partition, offsets, committedAtMs } of attempts) {
		if (committedAtMs === null) continue;
		const atMs = committedAtMs - zeroMs;
		for (const offset of offsets) {
			const place = placeText({ partition, offset });
			committedMs.set(place, Math.min(atMs, committedMs.get(place) ?? atMs));
		}
	}
	const counts = new LatencyCounts();
	for (const payment of payments) {
		const dueMs = times.get(payment.n)?.intendedMs;
		const atMs = committedMs.get(placeText(payment));
		if (dueMs !== undefined && atMs !== undefined) counts.recordMs(Math.max(0, atMs - dueMs));
	}
	return latencyOf([counts.entries]);
}
