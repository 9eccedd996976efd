import type { FaultRecord } from "../../chaos/injection.ts";
import type { LoadSummary } from "../../load/summary.ts";
import type { AlertFacts, LoadFacts, MetricSpec } from "./facts.ts";
import type { PhaseName } from "./phase.ts";
import type { RunParams } from "./run-params.ts";

/** What a parameter may be given as. */
export type Scalar = string | number | boolean;

/** One run of a suite. */
export interface SuiteStep {
	/** A scenario's name, or the path of a file as seen from the suite's. */
	scenario: string;
	/** What is not given here is what the suite is started with, and else the scenario's default. */
	params?: Record<string, Scalar>;
	/** Default: `failed` for `guard=off`, else `passed`. */
	expect?: "passed" | "failed";
}

/** What a table may show of a run: a part of its record, `run.json`. */
export interface RunRecord {
	runId: string;
	scenario: string;
	params: RunParams;
	state: string;
	verdict: "passed" | "failed" | "invalid" | null;
	expect: "passed" | "failed";
	asExpected: boolean | null;
	reasons: { code: string; message: string }[];
	startedAt: string | null;
	endedAt: string | null;
	phases: { name: PhaseName; case: string | null; fromMs: number; toMs: number }[];
	faults: FaultRecord[];
	loads: (LoadSummary & Omit<LoadFacts, "summary"> & { case: string | null })[];
	/** Of a `censored` one the value is a lower bound. */
	metrics: (MetricSpec & {
		name: string;
		case: string | null;
		value: number | null;
		censored: boolean;
	})[];
	/** `ok` is null where the check threw, or what was seen does not decide it. */
	checks: {
		id: string;
		case: string | null;
		kind: "correctness" | "performance";
		outcome: "held" | "failed" | "threw" | "cannot_tell";
		ok: boolean | null;
		message: string;
	}[];
	alerts: AlertFacts[];
}

/** A value in a table; null for what does not exist. */
export type CellValue = string | number | null;

type Heading = (step: Required<Omit<SuiteStep, "expect">>) => Scalar | undefined;

/** The table that a suite ends with. Each step has a cell of its own for every value. */
export interface SuiteTable {
	row: Heading;
	/** Where steps share a row: what tells them apart in it. They stand side by side. */
	column?: Heading;
	/** Heading → a metric, by its name or `case/name`, or a pure function of the run's record. */
	values: Record<string, string | ((run: RunRecord) => CellValue)>;
	/** What all runs tell together, such as how a value grows; a pure function, and a line of text each. */
	conclusions?: (runs: readonly RunRecord[]) => readonly string[];
}

/** Runs of scenarios that are made in order, and looked at together. */
export interface Suite {
	title: string;
	/** The question that it decides, in a line. */
	question: string;
	steps: readonly SuiteStep[];
	table?: SuiteTable;
}

/** Identity, for the types: `export default suite({ … })` in a file `NAME.suite.ts`. */
export function suite(definition: Suite): Suite {
	return definition;
}
