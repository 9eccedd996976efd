/** What a scenario file imports, as `from "faultline"`. */
export { Type } from "typebox";
export { monotonicMs, pause } from "../base/clock.ts";
export { codeOf, messageOf } from "../base/errors.ts";
export type { Json, JsonObject } from "../base/json.ts";
export { pick, type Stream, shuffled, stream } from "../base/random.ts";
export { noNames, type RunNames } from "../base/run-names.ts";
export { type S3Client, textsOf } from "../base/s3-client.ts";
export type { ServiceId } from "../base/services.ts";
export { atStep, type FaultSpec, fault, type SubjectStep } from "../chaos/fault.ts";
export { flapping } from "../chaos/flapping.ts";
export type { Grammar } from "../chaos/grammar.ts";
export { makeTopic } from "../chaos/kafka/make-topic.ts";
export { randomFaults } from "../chaos/random-faults.ts";
export type { LatencyEntries } from "../chaos/subject/latency-counts.ts";
export type { HttpClient } from "../load/drivers/http.ts";
export type { OperationTimes } from "../load/journal.ts";
export type { KafkaClient, KafkaMessage } from "../load/kafka-client.ts";
export type { Issue, IssuedOperation, Operation } from "../load/operation.ts";
export { OperationError, type OutcomeKind, TransportError } from "../load/outcome.ts";
export type { CellReaders } from "../load/statements.ts";
export { type Step, stepsPacer } from "../load/steps-pacer.ts";
export { partitionOfKey } from "../load/wire/kafka-partitioner.ts";
export type { LoadSpec } from "../load/work.ts";
export type { AlertRule } from "./contract/alert-rule.ts";
export { scenario } from "./contract/chain.ts";
export type { Axis, Chart, Series } from "./contract/chart.ts";
export type { Direct, HookContext } from "./contract/context.ts";
export {
	type Facts,
	type Judged,
	type JudgedSet,
	type LoadFacts,
	loadFacts,
} from "./contract/facts.ts";
export { found } from "./contract/found.ts";
export type { Check, Judgement, Metric } from "./contract/judgement.ts";
export { tool } from "./contract/needs.ts";
export type { PhaseName } from "./contract/phase.ts";
export { load, type Phases, type Plan, plannedMs } from "./contract/plan.ts";
export type { Params } from "./contract/run-params.ts";
export type { AtScale } from "./contract/scenario.ts";
export type { SubjectSpec } from "./contract/subject.ts";
export { type RunRecord, type SuiteStep, suite } from "./contract/suite.ts";
export { about } from "./kit/about.ts";
export { again } from "./kit/again.ts";
export {
	answeredRight,
	type Confusion,
	confusionOf,
	type GuardTrial,
	namesPlaceAndRule,
	type Truth,
	type Verdict,
	wordsMissing,
} from "./kit/confusion.ts";
export { type PostgresSource, postgresSource, runConnector } from "./kit/connect.ts";
export { deck, inTurn } from "./kit/deck.ts";
export { type DetectorNames, detector } from "./kit/detector.ts";
export { type Digest, differingParts, digest, digestsAgree } from "./kit/digest.ts";
export {
	acceptedOnce,
	type ExactlyOnce,
	exactlyOnce,
	lostAndDoubled,
	type Told,
} from "./kit/exactly-once.ts";
export { faultsInARow, type TimedFault } from "./kit/faults-in-a-row.ts";
export { fitGrowth, type Growth } from "./kit/growth.ts";
export { outcomesOf, timesOf, toldByKey } from "./kit/journal.ts";
export { type Latency, latencyOf } from "./kit/latency.ts";
export { lingering } from "./kit/linger.ts";
export { countOf, medianOf, msOf, pctOf, shapedCount, tallyOf } from "./kit/metrics.ts";
export { type Looked, noneWrong } from "./kit/none-wrong.ts";
export { count, ms, number, oneOf, text } from "./kit/params.ts";
export { phaseParams, phasesOf } from "./kit/phases.ts";
export { type Proportion, proportionOf } from "./kit/proportion.ts";
export { recovery } from "./kit/recovery.ts";
export { attemptsAgree, retryAmplification, type Tries } from "./kit/retries.ts";
export { kafkaAdmin, withKafka, withPostgres, withRedis, withS3 } from "./kit/services.ts";
export { type Shrunk, shrink, simplerParts } from "./kit/shrink.ts";
export { appendTo, type HeldRecord, recordsOf, valuesOf } from "./kit/topic.ts";
