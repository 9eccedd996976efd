import { type FaultSpec, fault } from "faultline";
import { flinkName } from "../../subjects/streams/flink-engine.ts";
import { sparkName } from "../../subjects/streams/spark-engine.ts";
import type { StepName } from "./attempts.ts";
import { groupOf } from "./names.ts";
import type { P } from "./params.ts";

// What can be done to who does the work, each at a step of the next attempt, so that it hits the gap that it is meant for.

/** The kinds of failures, and what each does. */
export const failureNames = {
	kill: "a processor dies between two steps",
	"reset-request": "the connection breaks under what a processor sends at a step",
	"reset-answer": "what it sends arrives, and the connection breaks under the answer",
	zombie: "a processor stands still until another has its partitions, and goes on where it stood",
	freeze: "who does all of the work stands still, and nobody takes it over",
	"time-out": "a processor stands at its commit for longer than a transaction may",
	evicted: "the group puts all its members out",
	"broker-killed": "the broker dies in the middle of a transaction",
	"leader-gone": "the broker that leads a partition dies, and another of three takes over",
} as const;
export type FailureName = keyof typeof failureNames;

type Times = { fromMs: number; toMs: number };

/** A failure: what is done to a processor at a step, and for how long. */
export interface Failure {
	step: StepName;
	lastsMs: number;
	fault(processor: string, times: Times): FaultSpec;
}

/** Until the session has run out, the group is divided anew, and the others have begun. */
const zombieMs = 2_600;
const resetMs = 300;
/** The coordinator looks once a second for transactions that have taken too long. */
const lookMs = 1_500;

export function kill(step: StepName, lastsMs: number): Failure {
	return { step, lastsMs, fault: (name, times) => fault("kill", name, {}, times) };
}

export function zombie(step: StepName): Failure {
	return { step, lastsMs: zombieMs, fault: (name, times) => fault("freeze", name, {}, times) };
}

/** On the way that the results take, at the step after which they are sent, or their commit is. */
export function reset(sink: P["sink"], direction: "upstream" | "downstream"): Failure {
	return {
		step: sink === "upsert" ? "before-write" : "before-commit",
		lastsMs: resetMs,
		fault: (_, times) => fault("reset", sink === "kafka" ? "log" : "store", { direction }, times),
	};
}

/** How long Kafka or Postgres keeps what is written of a transaction in which nothing is done. */
export function patienceMs({ sink, transactionMs, idleMs }: P): number {
	return sink === "kafka" ? transactionMs : idleMs;
}

/** `heldMs` is how long it takes until whoever has the results waits for their commit no longer. */
export function timeOut(heldMs: number): Failure {
	return {
		step: "before-commit",
		lastsMs: heldMs + lookMs,
		fault: (name, times) => fault("hold-at-step", name, { step: "before-commit" }, times),
	};
}

export const evicted: Failure = {
	step: "before-commit",
	lastsMs: resetMs,
	fault: (_, times) => fault("group-evicted", "log", { group: groupOf("") }, times),
};

export const brokerKilled: Failure = {
	step: "before-commit",
	lastsMs: 500,
	fault: (_, times) => fault("kill", "kafka", {}, times),
};

export const leaderGone: Failure = {
	step: "before-commit",
	lastsMs: 4_000,
	fault: (_, times) => fault("leader-gone", "log", { topic: "postings" }, times),
};

export function repeated<T>(times: number, ...all: T[]): T[] {
	return Array.from({ length: times }, () => all).flat();
}

/** Processes that nobody takes over from. */
const doAll: readonly string[] = [flinkName, sparkName];

/** Which failure a fault was; null for one of another kind, as by hand. */
export function failureOf({ kind, on, params }: FaultLike): FailureName | null {
	switch (kind) {
		case "kill":
			return on.startsWith("kafka") ? "broker-killed" : "kill";
		case "reset":
			return isOfAnswers(params) ? "reset-answer" : "reset-request";
		case "freeze":
			return doAll.includes(on) ? "freeze" : "zombie";
		case "hold-at-step":
			return "time-out";
		case "group-evicted":
			return "evicted";
		case "leader-gone":
			return "leader-gone";
		default:
			return null;
	}
}

interface FaultLike {
	kind: string;
	on: string;
	params: unknown;
}

function isOfAnswers(params: unknown): boolean {
	return (
		typeof params === "object" &&
		params !== null &&
		"direction" in params &&
		params.direction === "downstream"
	);
}
