import { count, ms, oneOf, type Params, phaseParams } from "faultline";
import { flinkParams } from "../../subjects/streams/flink-engine.ts";
import { groupParams } from "../../subjects/streams/group-params.ts";
import { sparkKillParams, sparkParams } from "../../subjects/streams/spark-engine.ts";
import { engineNames } from "./engine-names.ts";

export const properties = {
	engine: oneOf(engineNames, "node", "what computes features"),
	ratePerSec: count(2_000, 10, 100_000, "activities offered, per second"),
	backlog: count(10_000, 0, 5_000_000, "activities that are there before anybody reads them"),
	users: count(50, 2, 100_000, "users, each in a partition by the hash of the name"),
	gapMs: ms(80, 1, 60_000, "event time between two activities, over all partitions"),
	windowMs: ms(60_000, 1_000, 86_400_000, "event time of a window"),
	delayMs: ms(30_000, 0, 3_600_000, "event time that a window is waited for before it is given"),
	latenessMs: ms(600_000, 0, 86_400_000, "event time that it is corrected for after that"),
	...groupParams,
	...flinkParams,
	...sparkParams,
	...sparkKillParams,
	...phaseParams({ warmMs: 2_000, steadyMs: 6_000, recoverLimitMs: 30_000, intervalMs: 250 }),
};

export type P = Params<typeof properties>;
