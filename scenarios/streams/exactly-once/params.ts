import { count, ms, oneOf, type Params, phaseParams } from "faultline";
import { flinkParams } from "../../subjects/streams/flink-engine.ts";
import { sparkParams } from "../../subjects/streams/spark-engine.ts";
import { engineNames } from "./engine-names.ts";

export const sinkNames = ["kafka", "postgres", "upsert"] as const;
export type SinkName = (typeof sinkNames)[number];

export const properties = {
	engine: oneOf(engineNames, "node", "what the processors are written with"),
	sink: oneOf(
		sinkNames,
		"kafka",
		"kafka: results, memory and offsets in one Kafka transaction; postgres: the same in one of Postgres; upsert: rows by key",
	),
	ratePerSec: count(200, 10, 20_000, "payments offered, per second"),
	accounts: count(50, 1, 100_000, "accounts that payments are of"),
	partitions: count(6, 1, 64, "partitions of each topic"),
	processors: count(
		3,
		1,
		12,
		"members of the group, each a process; of flink and spark, threads of one",
	),
	paymentsMax: count(
		100,
		1,
		10_000,
		"payments in one transaction, at most; of flink it is those of a checkpoint, of spark of a batch",
	),
	sessionMs: ms(1_000, 1_000, 60_000, "time after which the group takes a silent member for dead"),
	transactionMs: ms(
		20_000,
		500,
		60_000,
		"time after which Kafka aborts a transaction; shorter than a broker takes to start it is a risk (see README)",
	),
	flinkTransactionMs: ms(
		60_000,
		500,
		900_000,
		"the same of flink: longer than any restart, for what times out after its checkpoint is lost",
	),
	idleMs: ms(
		1_000,
		100,
		60_000,
		"time after which Postgres ends a transaction in which nothing is done",
	),
	script: oneOf(
		["gaps", "full", "leaders", "broker", "time-out"],
		"full",
		"gaps: a kill in each gap between two steps; full: all kinds of failures; leaders: and brokers that led, of three; broker: nothing but a broker that dies; time-out: nothing but a transaction that takes too long",
	),
	rounds: count(1, 1, 50, "times that the script is gone through"),
	downMs: ms(400, 100, 10_000, "how long a killed processor is gone"),
	apartMs: ms(1_300, 0, 10_000, "pause between two failures"),
	costPairs: count(5, 0, 100, "pairs of measurements of what exactly once costs, on node"),
	costPayments: count(3_000, 100, 1_000_000, "payments of one such measurement"),
	...flinkParams,
	...sparkParams,
	...phaseParams({ warmMs: 1_000, steadyMs: 1_500, recoverLimitMs: 5_000, intervalMs: 250 }),
};

export type P = Params<typeof properties>;
