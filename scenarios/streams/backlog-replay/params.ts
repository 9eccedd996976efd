import { count, ms, number, oneOf, type Params, phaseParams } from "faultline";

export const properties = {
	backlog: count(40_000, 100, 10_000_000, "messages that wait when the replay begins"),
	liveRatePerSec: count(200, 10, 5_000, "live writes, per second"),
	keys: count(5_000, 10, 1_000_000, "different keys, of backlog and live writes alike"),
	slots: count(4, 1, 64, "requests that the sink works on at once"),
	unitUs: count(1_000, 10, 100_000, "time that a message holds its slot, µs"),
	safeShare: number(0.8, 0.1, 1, "what is safe of the sink's measured capacity"),
	batch: count(16, 1, 1_000, "messages in a batch of the replay"),
	partitions: count(8, 1, 64, "partitions of the topic"),
	rampMs: ms(
		1_000,
		50,
		60_000,
		"time in which the replay's rate grows from nothing to what is safe",
	),
	objectiveMs: ms(50, 5, 60_000, "what p99 of live writes is to be under"),
	efficiencyPctMin: number(
		85,
		10,
		100,
		"how quick the replay is at least, in % of the quickest that is safe",
	),
	deadlineMs: ms(1_000, 50, 60_000, "a live client's patience"),
	...phaseParams({ warmMs: 1_500, steadyMs: 6_000, recoverLimitMs: 10_000, intervalMs: 250 }),
	beforeMs: ms(2_000, 100, 60_000, "live writes alone, before the replay"),
	slow: oneOf(["on", "off"], "on", "the sink is slow for a while in the middle of the replay"),
	slowMs: ms(3_000, 200, 60_000, "how long it is slow"),
	slowByUs: count(1_000, 10, 100_000, "by how much longer it takes over a message then, µs"),
	finishLimitMs: ms(60_000, 1_000, 600_000, "longest wait for the replay's end, after recovering"),
};

export type P = Params<typeof properties>;

/** What the sink can take, by arithmetic: messages per second. */
export function statedPerSec({ slots, unitUs }: Pick<P, "slots" | "unitUs">): number {
	return (1e6 * slots) / unitUs;
}

/** What the sink does of its usual while it is slow. */
export function slowShare({ unitUs, slowByUs }: Pick<P, "unitUs" | "slowByUs">): number {
	return unitUs / (unitUs + slowByUs);
}
