import { atStep, type FaultSpec, fault, type Grammar, stream } from "faultline";
import { type StepName, steps } from "./attempts.ts";
import { groupOf, processorNames } from "./names.ts";
import type { P } from "./params.ts";

// The failure script. Each failure strikes a processor at a step of its next transaction, so that it hits the gap that it
// is meant for; which processor, and in which order, comes from the seed.

/** The kinds of failures, and what each does. */
export const failureNames = {
	kill: "a processor dies between two steps",
	"reset-request": "the connection breaks under what a processor sends at a step",
	"reset-answer": "what it sends arrives, and the connection breaks under the answer",
	zombie: "a processor stands still until another has its partitions, and goes on where it stood",
	"time-out": "a processor stands at its commit for longer than a transaction may",
	evicted: "the group puts all its members out",
	"broker-killed": "the broker dies in the middle of a transaction",
	"leader-gone": "the broker that leads a partition dies, and another of three takes over",
} as const;
export type FailureName = keyof typeof failureNames;

type Times = { fromMs: number; toMs: number };

/** A failure: what is done to a processor at a step, and for how long. */
interface Failure {
	step: StepName;
	lastsMs: number;
	fault(processor: string, times: Times): FaultSpec;
}

/** Until the session has run out, the group is divided anew, and the others have begun. */
const zombieMs = 2_600;
const resetMs = 300;
/** The coordinator looks once a second for transactions that have taken too long. */
const lookMs = 1_500;

function kill(step: StepName, lastsMs: number): Failure {
	return { step, lastsMs, fault: (name, times) => fault("kill", name, {}, times) };
}

function zombie(step: StepName): Failure {
	return { step, lastsMs: zombieMs, fault: (name, times) => fault("freeze", name, {}, times) };
}

/** On the way that the results take, at the step after which they are sent, or their commit is. */
function reset(sink: P["sink"], direction: "upstream" | "downstream"): Failure {
	return {
		step: sink === "upsert" ? "before-write" : "before-commit",
		lastsMs: resetMs,
		fault: (_, times) => fault("reset", sink === "kafka" ? "log" : "store", { direction }, times),
	};
}

function timeOut({ sink, transactionMs, idleMs }: P): Failure {
	return {
		step: "before-commit",
		lastsMs: (sink === "kafka" ? transactionMs : idleMs) + lookMs,
		fault: (name, times) => fault("hold-at-step", name, { step: "before-commit" }, times),
	};
}

const evicted: Failure = {
	step: "before-commit",
	lastsMs: resetMs,
	fault: (_, times) => fault("group-evicted", "log", { group: groupOf("") }, times),
};

const brokerKilled: Failure = {
	step: "before-commit",
	lastsMs: 500,
	fault: (_, times) => fault("kill", "kafka", {}, times),
};

const leaderGone: Failure = {
	step: "before-commit",
	lastsMs: 4_000,
	fault: (_, times) => fault("leader-gone", "log", { topic: "postings" }, times),
};

function repeated<T>(times: number, ...all: T[]): T[] {
	return Array.from({ length: times }, () => all).flat();
}

/** The failures of one round; of the full script 20, of seven kinds. */
function failuresOf(p: P): Failure[] {
	const kills = steps.map((step) => kill(step, p.downMs));
	const full = [
		...repeated(3, ...kills),
		...repeated(2, reset(p.sink, "upstream")),
		...repeated(3, reset(p.sink, "downstream")),
		zombie("before-write"),
		...repeated(2, zombie("before-commit")),
		evicted,
		timeOut(p),
		brokerKilled,
	];
	switch (p.script) {
		case "gaps":
			return kills;
		case "full":
			return full;
		case "leaders":
			return [...full, ...repeated(3, leaderGone)];
		case "broker":
			return repeated(5, brokerKilled);
		default:
			return p.script satisfies never;
	}
}

/** All failures of a run. Those of the shortest script come at once, each to a processor of its own, as far as there are. */
export function failureScript(p: P): FaultSpec[] {
	const draw = stream(p.seed, "failures");
	const names = shuffled(processorNames(p), draw);
	if (p.script === "gaps")
		return failuresOf(p).map((failure, i) => {
			const fromMs = Math.floor(i / names.length) * (p.downMs + p.apartMs);
			return struck(failure, names[i % names.length]!, fromMs);
		});
	let fromMs = 0;
	return repeated(p.rounds, null)
		.flatMap(() => shuffled(failuresOf(p), draw))
		.map((failure) => {
			const spec = struck(failure, names[Math.floor(draw() * names.length)]!, fromMs);
			fromMs = spec.toMs + p.apartMs;
			return spec;
		});
}

function struck({ step, lastsMs, fault }: Failure, subject: string, fromMs: number): FaultSpec {
	const spec = fault(subject, { fromMs, toMs: fromMs + lastsMs });
	// What holds a processor at a step comes to that step itself.
	return spec.kind === "hold-at-step" ? spec : atStep(spec, { subject, step });
}

function shuffled<T>(all: readonly T[], draw: () => number): T[] {
	const drawn = all.map((one) => ({ one, by: draw() }));
	return drawn.sort((a, b) => a.by - b.by).map(({ one }) => one);
}

const explored = ["processor-1", "processor-2", "processor-3"] as const;
const anywhere = explored.flatMap((subject) => steps.map((step) => ({ subject, step })));

/** What `faultline explore` may do: any failure at any step of any processor, several at once. */
export const failureGrammar: Grammar<(typeof explored)[number] | "log" | "store"> = {
	kinds: {
		kill: { on: explored, at: anywhere },
		freeze: { on: explored, at: anywhere },
		reset: { on: ["log", "store"], at: anywhere },
		"hold-at-step": { on: explored, params: { step: "before-commit" } },
		"group-evicted": { on: ["log"], params: { group: groupOf("") }, at: anywhere },
	},
	faultsMax: 4,
	horizonMs: 3_000,
};

/** Which failure a fault was; null for one of another kind, as by hand. */
export function failureOf({ kind, on, params }: FaultLike): FailureName | null {
	switch (kind) {
		case "kill":
			return on.startsWith("processor") ? "kill" : "broker-killed";
		case "reset":
			return isOfAnswers(params) ? "reset-answer" : "reset-request";
		case "freeze":
			return "zombie";
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
