import { count, ms, number, oneOf, type Params, phaseParams } from "faultline";
import { engineNames } from "./engine-names.ts";

export const faultPlans = [
	"none",
	"kill",
	"freeze",
	"evict",
	"slow-link",
	"broker-restart",
	"all",
] as const;

export const properties = {
	sweep: oneOf(
		["on", "off"],
		"on",
		"on: the cases of this size; off: the one that all else describes",
	),
	engine: oneOf(engineNames, "node", "what counts in windows"),
	ratePerSec: count(5_000, 10, 100_000, "purchases offered, per second"),
	backlog: count(10_000, 0, 5_000_000, "purchases that are there before anybody reads them"),
	lingerMs: ms(5, 0, 1_000, "how long the producer gathers purchases before it sends them"),
	fault: oneOf(faultPlans, "all", "what is broken"),
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
	partitions: count(4, 2, 64, "partitions of every topic"),
	consumers: count(2, 1, 8, "members of the consumer group, each a process"),
	sessionTimeoutMs: ms(2_000, 1_000, 60_000, "after which a silent member counts as dead"),
	gatherMs: ms(50, 1, 5_000, "how long a broker gathers messages for a fetch"),
	quietLookMs: ms(150, 10, 10_000, "how often a quiet partition looks what time it is elsewhere"),
	faultMs: ms(2_000, 200, 60_000, "how long a kill lasts, and the slow link"),
	linkMs: ms(20, 1, 1_000, "delay that the slow link adds"),
	p95MsMax: ms(
		250,
		0,
		60_000,
		"from the last event that a result needed to its commit, p95; 0: any",
	),
	replayPerSecMin: count(
		1_000,
		0,
		10_000_000,
		"purchases of the backlog a second, at least; 0: any",
	),
	...phaseParams({ warmMs: 2_000, steadyMs: 6_000, recoverLimitMs: 30_000, intervalMs: 250 }),
};

export type P = Params<typeof properties>;
