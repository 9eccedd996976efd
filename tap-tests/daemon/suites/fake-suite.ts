import { ended } from "../../../daemon/host/check-end.ts";
import type {
	Cell,
	SuiteDescription,
	SuiteStepDescription,
} from "../../../daemon/host/protocol.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import type { RunRequest } from "../../../daemon/runs/run-mode.ts";
import type { SuiteDocument } from "../../../daemon/suites/document.ts";
import { openStep, performSuite, type SuiteWork } from "../../../daemon/suites/perform-suite.ts";
import type { ReadyStep } from "../../../daemon/suites/prepare.ts";
import { doneRun } from "../compare/accepted.ts";
import { described } from "../nightly/fake-work.ts";

const step = (scenario: string, guard: "on" | "off"): SuiteStepDescription => ({
	scenario,
	params: { guard },
	expect: null,
	row: scenario,
	column: guard,
});

/** Two scenarios with both guards, side by side. */
export const pairs: SuiteDescription = {
	name: "pairs",
	file: "/scenarios/pairs.suite.ts",
	hash: "h",
	title: "Pairs",
	question: "What does the guard save?",
	steps: [step("echo", "on"), step("echo", "off"), step("cdc", "on"), step("cdc", "off")],
	values: ["detected in", "ended", "rows lost"],
};

export const readySteps = ({ steps }: SuiteDescription): ReadyStep[] =>
	steps.map(({ scenario, params, expect }) => ({
		scenario,
		params,
		description: described(scenario, true),
		expect: expect ?? (params.guard === "off" ? "failed" : "passed"),
	}));

export function begun(steps: readonly ReadyStep[]): SuiteDocument {
	return {
		schema: 1,
		id: "20260201T030000Z-pairs-0001",
		suite: pairs.name,
		file: pairs.file,
		about: { title: pairs.title, question: pairs.question },
		given: { size: "small" },
		seedDrawn: false,
		state: "running",
		startedAt: "2026-02-01T03:00:00.000Z",
		endedAt: null,
		outcome: null,
		exitCode: null,
		headline: "it begins",
		stopped: null,
		steps: steps.map(openStep),
		table: null,
		notes: [],
		environment: doneRun().environment,
		versions: { faultline: "0.1.0" },
		suiteHash: "h",
	};
}

export interface AskedRun {
	scenario: string;
	given: Record<string, unknown>;
	request: RunRequest;
}

const cell = (value: Cell["value"], unit: Cell["unit"] = null): Cell => ({
	value,
	unit,
	error: null,
});

/** A run that ends as it is expected to. */
export function asExpected({ scenario, given, request }: AskedRun, n: number): RunDocument {
	const expect = (request.kind === "scenario" && request.expect) || "passed";
	return doneRun(
		{},
		{
			runId: `run-${n}`,
			scenario,
			expect,
			verdict: expect,
			params: { seed: 1, size: "small", guard: given.guard === "off" ? "off" : "on" },
			startedAt: "2026-02-01T03:00:00.000Z",
			endedAt: "2026-02-01T03:00:02.000Z",
			checks: [
				{
					id: "none-lost",
					case: null,
					kind: "correctness",
					shapedBy: null,
					...ended(expect === "passed" ? "held" : "failed"),
					expected: 0,
					actual: 2,
					message: "2 lost",
				},
			],
		},
	);
}

/** Performs a suite with parts that run nothing: `answer` says how each run ends. */
export async function performed({
	suite = pairs,
	steps = readySteps(suite),
	answer = asExpected as (asked: AskedRun, n: number) => RunDocument | Error,
	table = (async ({ runs }) => ({
		ok: true,
		conclusions: [],
		cells: runs.map(({ params }) =>
			params.guard === "on"
				? [cell(935.4567, "ms"), cell("recovered"), cell(0, "count")]
				: [cell(null), cell("lost rows"), cell(12345, "count")],
		),
	})) as SuiteWork["table"],
	stopAfter = Number.POSITIVE_INFINITY,
} = {}) {
	const asked: AskedRun[] = [];
	const saved: SuiteDocument[] = [];
	const first = begun(steps);
	const ready = { steps, given: first.given, seedDrawn: first.seedDrawn };
	const document = await performSuite(first, suite, ready, {
		run: async ({ name }, given, request) => {
			const one = { scenario: name, given, request };
			asked.push(one);
			const answered = answer(one, asked.length);
			if (answered instanceof Error) throw answered;
			return answered;
		},
		table,
		save: (document) => saved.push(document),
		nowMs: () => Date.parse("2026-02-01T03:01:30.000Z"),
		stopped: () => (asked.length >= stopAfter ? "stopped by request" : null),
	});
	return { document, asked, saved };
}
