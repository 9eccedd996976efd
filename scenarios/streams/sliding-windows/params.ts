import { count, ms, number, oneOf, type Params, phaseParams } from "faultline";
import { flinkParams } from "../../subjects/streams/flink-engine.ts";
import { groupParams } from "../../subjects/streams/group-params.ts";
import { engineNames } from "./engine-names.ts";

export const properties = {
	sweep: oneOf(
		["on", "off"],
		"on",
		"on: the cases of this size; off: the one that all else describes",
	),
	engine: oneOf(engineNames, "node", "what counts in windows"),
	ratePerSec: count(5_000, 10, 100_000, "purchases offered, per second"),
	backlog: count(10_000, 0, 5_000_000, "purchases that are there before anybody reads them"),
	users: count(100, 4, 100_000, "users, each in a partition by the hash of the name"),
	gapMs: ms(30, 1, 60_000, "event time between two messages, over all partitions"),
	delayMsMax: ms(120_000, 0, 3_600_000, "event time that a message takes to come, at most"),
	repeatedPct: number(1, 0, 50, "messages that repeat an earlier one, %"),
	horizonMs: ms(
		7_200_000,
		60_000,
		86_400_000,
		"event time from an event to its last repeat, at most",
	),
	aheadMs: ms(600_000, 0, 3_600_000, "how far the clock of one user is ahead"),
	skewMs: ms(20_000, 0, 600_000, "event time between the first and the last partition"),
	quietMs: ms(1_500, 100, 60_000, "one partition is quiet for so long, then busy for so long"),
	quietLookMs: ms(150, 10, 10_000, "how often a quiet partition looks what time it is elsewhere"),
	replayPerSecMin: count(
		1_000,
		0,
		10_000_000,
		"purchases of the backlog a second, at least; 0: any",
	),
	...groupParams,
	...flinkParams,
	...phaseParams({ warmMs: 2_000, steadyMs: 6_000, recoverLimitMs: 30_000, intervalMs: 250 }),
};

export type P = Params<typeof properties>;
