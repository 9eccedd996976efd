import type { Json, JsonObject } from "../../base/json.ts";
import type { ServiceId } from "../../base/services.ts";
import type { FaultSpec } from "../../chaos/fault.ts";
import type { FaultRecord } from "../../chaos/injection.ts";
import type { LoadSummary } from "../../load/summary.ts";
import type { AlertFacts } from "../../scenarios/contract/facts.ts";
import type { PhaseName } from "../../scenarios/contract/phase.ts";
import type { RunParams, Size } from "../../scenarios/contract/run-params.ts";
import type { AtScale } from "../../scenarios/contract/scenario.ts";
import type { Doubt } from "../host/corners.ts";
import type { ChartOutcome, CheckOutcome, MetricOutcome } from "../host/protocol.ts";
import type { DuetVerdict, Look, Pair, PairShape, Side } from "./duet.ts";
import type { MachineUse } from "./machine.ts";

export const runStates = [
	"queued",
	"preparing",
	"warming",
	"steady",
	"faulting",
	"recovering",
	"verifying",
	"cleaning",
	"done",
	"aborted",
	"crashed",
] as const;
export type RunState = (typeof runStates)[number];

export const isFinal = (state: RunState): boolean =>
	state === "done" || state === "aborted" || state === "crashed";

export type Verdict = "passed" | "failed" | "invalid";

/** Why a verdict is what it is; a closed list. */
export const reasonCodes = [
	"generator_late",
	"host_busy",
	"generator_saturated",
	"host_paused",
	"fault_no_effect",
	"heal_failed",
	"steady_not_reached",
	"check_threw",
	"stopped",
	"crashed",
	"host_died",
	"aborted",
	"hook_limit",
	"host_late",
	"offered_not_reached",
	"component_lost",
	"subject_ended",
	"nothing_ok",
	"not_recovered",
	"cannot_tell",
	"check_failed",
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

export interface Reason {
	code: ReasonCode;
	message: string;
}

export interface PhaseRecord {
	name: PhaseName;
	case: string | null;
	fromMs: number;
	toMs: number;
}

/** One timeline that an exploration tried. */
export interface TrialRecord {
	faults: FaultSpec[];
	outcome: "passed" | "failed" | "invalid";
	/** Correctness checks that failed. */
	failed: string[];
	/** Why it says nothing; null where it does. */
	invalid: string | null;
	tookMs: number;
}

/** What `faultline explore` tried and found. */
export interface Exploration {
	seed: number;
	budgetMs: number;
	tookMs: number;
	trials: TrialRecord[];
	/** Timelines that broke the scenario in one of two tries. */
	flaky: FaultSpec[][];
	/** The smallest timeline that breaks it; null where none was found. */
	found: FaultSpec[] | null;
	/** In how many of three more tries it did. */
	confirmed: number;
}

/** What `faultline duet` measured: two variants that took turns in the same sessions. */
export interface DuetRecord {
	/** What each side changes, of the parameters and of the servers; URLs without their passwords. */
	variants: Record<Side, { params: JsonObject; urls: Record<string, string> }>;
	shape: PairShape;
	/** The numbers of pairs at which it was judged. */
	looks: Look[];
	pairs: Pair[];
	verdict: DuetVerdict;
}

/** `run.json`: the whole of a run that is not a time series. Times ending in `Ms` count from the run's zero. */
export interface RunDocument {
	schema: 1;
	runId: string;
	scenario: string;
	/** Path of the scenario's file. */
	file: string;
	/** What the scenario said of itself: a record is read where its file is gone, or has become another. */
	about: { title: string; question: string; atScale: AtScale | null };
	needs: ServiceId[];
	/** Without what is secret in URLs among them. */
	params: RunParams;
	/** The scenario's own parameters that differ from their size's default: part of a baseline's key. */
	changed: JsonObject;
	/** Faults were allowed to break what Faultline had not started. */
	allowDestructive: boolean;
	seed: number;
	seedDrawn: boolean;
	size: Size;
	state: RunState;
	verdict: Verdict | null;
	expect: "passed" | "failed";
	asExpected: boolean | null;
	reasons: Reason[];
	queuedAt: string;
	startedAt: string | null;
	endedAt: string | null;
	/** `bounded` where a host died and what it had in flight can't be known. */
	counts: "exact" | "bounded";
	phases: PhaseRecord[];
	faults: FaultRecord[];
	loads: ({ name: string; case: string | null; phase: PhaseName | "all" } & LoadSummary & {
			counters: Record<string, number>;
		})[];
	metrics: MetricOutcome[];
	checks: CheckOutcome[];
	alerts: AlertFacts[];
	timings: Timings;
	tries: Tries;
	/** Null in a run that explored nothing. */
	exploration: Exploration | null;
	/** Null in a run that is no duet. */
	duet: DuetRecord | null;
	environment: Environment;
	versions: Record<string, string>;
	/** Over all that the scenario is made of, but not the engine: `versions` has that. */
	scenarioHash: string;
}

/**
 * `outcome.json`: what `observe` and `truth` answered, case by case, so that checks can run again on it; and the charts
 * that the scenario made of it.
 */
export interface OutcomeDocument {
	schema: 1;
	cases: {
		case: string | null;
		observed: Json;
		expected: Json;
		/** What the generator's lateness left open; null where it is not known. */
		doubt: Doubt | null;
	}[];
	charts: ChartOutcome[];
}

export interface Environment {
	/** Equal on two hosts whose timings may be compared. */
	fingerprint: string;
	cpu: string;
	cores: number;
	memoryBytes: number;
	kernel: string;
}

/** Whether timings may be compared with those of other runs. */
export interface Timings {
	/** `late`: the generator was, or the host stood still. Verdicts take that into account, comparisons leave it out. */
	state: "clean" | "late";
	/** By at most so much the generator moved any time after warm-up; null where no load ran, and in older records. */
	latenessMs: number | null;
	/** What was late, and by how much; empty where nothing was. */
	why: string[];
	/** What else the machine did meanwhile, the most of any case; null where nobody knows. */
	machine: MachineUse | null;
}

/** What links the tries of one and the same run: the verdict of the last one counts. */
export interface Tries {
	/** Those before this one, the first first, each with the codes of why it told nothing. */
	before: { runId: string; why: string }[];
	/** The run that tries it again; null where none does. */
	next: string | null;
}
