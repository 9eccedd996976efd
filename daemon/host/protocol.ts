import type { Endpoint, EndpointKind } from "../../base/endpoint.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import type { RunNames } from "../../base/run-names.ts";
import type { ServiceId } from "../../base/services.ts";
import type { Grammar } from "../../chaos/grammar.ts";
import type { PaceChange } from "../../load/dues.ts";
import type { HostPause } from "../../load/host-pauses.ts";
import type { Counts, WorkerMessage } from "../../load/report.ts";
import type { Axis, Series } from "../../scenarios/contract/chart.ts";
import type { Facts, MetricSpec } from "../../scenarios/contract/facts.ts";
import type { NeedWant } from "../../scenarios/contract/needs.ts";
import type { PhaseName } from "../../scenarios/contract/phase.ts";
import type { PlanData, Trial } from "../../scenarios/contract/plan.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { AtScale, Limits } from "../../scenarios/contract/scenario.ts";
import type { Settled } from "../../scenarios/contract/settle.ts";
import type { CellValue, RunRecord, SuiteStep } from "../../scenarios/contract/suite.ts";
import type { Tolerance } from "../../scenarios/contract/tolerance.ts";
import type { Doubt } from "./corners.ts";
import type { Seen } from "./seen.ts";

/** What the describe host says of one scenario file; no scenario code is needed afterwards to list or validate it. */
export interface ScenarioDescription {
	name: string;
	/** Path of the scenario file. */
	file: string;
	/** SHA-256 over all that the scenario is made of: tells whether a stored record was made by the same code. */
	hash: string;
	title: string;
	question: string;
	params: JsonObject;
	sizes: { small?: JsonObject; large?: JsonObject };
	guarded: boolean;
	/** Checks that its naive twin must fail; empty where it has none. */
	twinFails: string[];
	tolerates: Tolerance[];
	needs: ServiceId[];
	/** Programs that it needs, by their ids. */
	tools: string[];
	/** What it needs only where a parameter has a value. */
	needsFor: NeedWant[];
	limits: Limits;
	/** Null where it says nothing of that. */
	atScale: AtScale | null;
	checks: string[];
}

/** What the describe host says of one suite file. Its table's functions stay in it. */
export interface SuiteDescription {
	name: string;
	/** Path of the suite file. */
	file: string;
	/** SHA-256 over all that the suite is made of. */
	hash: string;
	title: string;
	question: string;
	steps: SuiteStepDescription[];
	/** Headings of its table's values; null where it has no table. */
	values: string[] | null;
}

export interface SuiteStepDescription extends Required<Omit<SuiteStep, "expect">> {
	/** Null: what the guard says. */
	expect: "passed" | "failed" | null;
	/** Its place in the table; "" where it has none. */
	row: string;
	column: string;
}

export type Broken = { kind: "broken"; name: string; file: string; error: string };
export type Described = { kind: "scenario"; description: ScenarioDescription } | Broken;
export type DescribedSuite = { kind: "suite"; description: SuiteDescription } | Broken;

/** The first word of a describe host. */
export const started = "started";

/** What a describe host says: that it has started, then of each file what it looked at, and what the file is. */
export type DescribeMessage =
	| typeof started
	| { kind: "seen"; seen: Seen }
	| Described
	| DescribedSuite;

/** What a table host is asked for: all values of these runs. */
export interface TableJob {
	file: string;
	runs: RunRecord[];
}

/** One value of one run. */
export interface Cell {
	value: CellValue;
	/** Of a metric. */
	unit: MetricSpec["unit"] | null;
	/** Why there is no value, where its function failed. */
	error: string | null;
}

/** Run → value → cell, in the order that was asked for, and what is concluded; or why there is no table at all. */
export type TableAnswer =
	| { ok: true; cells: Cell[][]; conclusions: string[] }
	| { ok: false; message: string };

/** Everything a run host needs of one case, sent before its hooks and again with the subjects' addresses. */
export interface CaseContext {
	runId: string;
	case: string | null;
	params: RunParams;
	/** The run's zero on the monotonic clock. */
	zeroNs: bigint;
	/** What a trial of an exploration changes in the plan; null in any other run. */
	trial: Trial | null;
	names: RunNames;
	direct: { [K in ServiceId]?: Endpoint };
	/** Path → address through its proxy. */
	paths: Record<string, Endpoint>;
	/** Subject → base URL past its proxy. */
	subjects: Record<string, string>;
	/** Subject → its working directory. */
	subjectFolders: Record<string, string>;
	journalFolder: string;
	/** Where files are kept with the record. */
	filesFolder: string;
}

/** What the daemon asks of the run host. One at a time; each is answered. */
export type HostCall =
	/** In this folder; a host that is open can be opened in another. */
	| { do: "open"; file: string; folder: string }
	| { do: "cases"; params: RunParams }
	| { do: "plan"; params: RunParams; trial: Trial | null }
	/** What these drivers of loads can speak to. */
	| { do: "drivers"; names: string[] }
	/** What random timelines are made of. */
	| { do: "grammar"; params: RunParams }
	| { do: "arrange"; context: CaseContext }
	| { do: "openLoads"; context: CaseContext }
	| { do: "beginLoads"; zeroNs: bigint }
	/** The loads' next phase, from this instant on. */
	| { do: "beginPhase"; phase: PhaseName; fromNs: bigint }
	| { do: "steerLoad"; load: string; change: PaceChange }
	| { do: "stopLoads"; atNs: bigint; abort: boolean }
	| { do: "settle"; context: CaseContext }
	| { do: "observe"; context: CaseContext }
	| { do: "truth"; context: CaseContext }
	/** Checks, metrics and charts of one case, from plain facts and what is open of them. */
	| { do: "judge"; facts: Facts; doubt: Doubt }
	/** Checks, metrics and charts over all cases. */
	| { do: "judgeOverall"; cases: readonly { facts: Facts; doubt: Doubt }[] };

/** How a check ended: it holds, it does not, it threw, or what was seen does not decide it. */
export type CheckEnd = "held" | "failed" | "threw" | "cannot_tell";

export interface CheckOutcome {
	id: string;
	case: string | null;
	kind: "correctness" | "performance";
	/** `timing`: a count that is another one on a machine that is late. Null for what is required of every schedule. */
	shapedBy: "timing" | null;
	outcome: CheckEnd;
	/** What leaves it open: what was seen, the generator's lateness, others on the machine. Null where nothing does. */
	openBy: "data" | "lateness" | "others" | null;
	/** The outcome for readers of records: null where it neither held nor failed. */
	ok: boolean | null;
	expected: Json;
	actual: Json;
	message: string;
}

/** A chart with its lines, as it is kept and drawn. */
export interface ChartOutcome {
	id: string;
	case: string | null;
	title: string;
	x: Axis;
	y: Axis;
	series: readonly Series[];
	/** Why it has no lines; null where it has. */
	problem: string | null;
}

/** What a scenario concluded from facts. */
export interface Conclusions {
	checks: CheckOutcome[];
	metrics: MetricOutcome[];
	charts: ChartOutcome[];
}

export interface MetricOutcome extends MetricSpec {
	name: string;
	case: string | null;
	value: number | null;
	censored: boolean;
}

/** The answers, by call. */
export interface HostAnswers {
	open: null;
	cases: Record<string, JsonObject>;
	plan: PlanData;
	/** By driver; a text says why there is no such one. */
	drivers: Record<string, readonly EndpointKind[] | string>;
	grammar: Grammar;
	arrange: null;
	openLoads: null;
	beginLoads: null;
	beginPhase: null;
	steerLoad: null;
	/** Per load, summed over its workers. */
	stopLoads: Record<string, Counts>;
	/** Null where there is nothing to wait for. */
	settle: Settled | null;
	observe: Json;
	truth: Json;
	judge: Conclusions;
	judgeOverall: Conclusions;
}

export type DaemonMessage =
	| { kind: "call"; id: number; call: HostCall }
	/** The hook that is running has reached its limit, or the run stops. */
	| { kind: "abort" };

export type HostMessage =
	| { kind: "answer"; id: number; value: HostAnswers[keyof HostAnswers] }
	| { kind: "failed"; id: number; error: { code: string | null; message: string; stack: string } }
	| { kind: "worker"; message: WorkerMessage }
	/** A load ended although nobody stopped it. */
	| { kind: "loadFailed"; load: string; message: string }
	/** Nothing ran for a while on this machine, or not in this process. */
	| { kind: "hostPause"; pause: HostPause }
	/** What a gauge of the scenario read; null where it threw or took too long. */
	| { kind: "gauge"; gauge: string; value: number | null }
	| { kind: "log"; message: string };
