import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutSettings } from "../../base/env.ts";
import { FaultlineError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Facts } from "../../scenarios/contract/facts.ts";
import { describeFile, ScenarioCatalog } from "../host/catalog.ts";
import { RunHost } from "../host/channel.ts";
import type { CheckOutcome, MetricOutcome } from "../host/protocol.ts";
import { certain } from "../judgement/doubt.ts";
import { standardMetrics } from "../judgement/standard-metrics.ts";
import { judgeRun } from "../judgement/verdict.ts";
import type { OutcomeDocument, Reason, RunDocument, Verdict } from "../record/document.ts";

const openLimitMs = 10_000;
const judgeLimitMs = 30_000;

/** A stored record, judged again by the scenario as it is now. The record itself is left as it is. */
export interface Recheck {
	schema: 1;
	runId: string;
	scenario: string;
	/** False where the scenario's files are others than they were. */
	sameScenario: boolean;
	before: Judged;
	after: Judged;
}

export interface Judged {
	verdict: Verdict | null;
	reasons: Reason[];
	checks: CheckOutcome[];
	metrics: MetricOutcome[];
}

/** What a case's checks were shown, rebuilt from its record: nothing of it is measured again. */
export function factsOf(
	run: RunDocument,
	outcome: OutcomeDocument["cases"][number],
	overrides: JsonObject,
): Facts {
	const ofCase = <T extends { case: string | null }>(all: readonly T[]) =>
		all.filter((one) => one.case === outcome.case);
	const faults = ofCase(run.faults);
	const loads = ofCase(run.loads).map(({ name, case: _, phase, counters, ...summary }) => ({
		name,
		phase,
		counters,
		summary,
	}));
	return {
		params: { ...run.params, ...overrides },
		case: outcome.case,
		phases: ofCase(run.phases),
		loads,
		faults,
		alerts: ofCase(run.alerts),
		recovery: recoveryOf(faults, ofCase(run.metrics)),
		straddlingCount: 0,
		observed: outcome.observed,
		expected: outcome.expected,
	};
}

function recoveryOf(faults: Facts["faults"], metrics: readonly MetricOutcome[]): Facts["recovery"] {
	const mttr = metrics.find(({ name }) => name === "mttr_ms");
	const injected = faults.flatMap((fault) => fault.injectedMs ?? []);
	const healed = faults.flatMap((fault) => fault.healedMs ?? []);
	if (mttr === undefined || mttr.value === null || injected.length === 0) return null;
	const endMs = mttr.value + Math.min(...injected);
	return {
		mttrMs: mttr.value,
		afterHealMs: Math.max(0, endMs - Math.max(...healed)),
		censored: mttr.censored,
	};
}

/**
 * Runs a scenario's checks and metrics over a stored record, in a process of their own as a run does. `FLT_CONFLICT`
 * where the run never came to its checks.
 */
export async function recheck(run: RunDocument, outcome: OutcomeDocument | null): Promise<Recheck> {
	if (outcome === null)
		throw new FaultlineError(
			"FLT_CONFLICT",
			`run ${run.runId} is ${run.state} and has no outcome: nothing was observed`,
			"recheck runs that came to their checks",
		);
	// One of ours may have moved since, in this version or another clone.
	const file = existsSync(run.file)
		? run.file
		: (new ScenarioCatalog().fileOf(run.scenario) ?? run.file);
	const { hash, limits } = await describeFile(file);
	const cwd = mkdtempSync(join(tmpdir(), "faultline-recheck-"));
	const host = new RunHost({
		env: withoutSettings(process.env),
		cwd,
		memoryMb: limits.memoryMb,
		onEvent: () => {},
	});
	try {
		await host.call({ do: "open", file, folder: cwd }, openLimitMs);
		const cases = await host.call({ do: "cases", params: run.params }, openLimitMs);
		const checks: CheckOutcome[] = [];
		const metrics: MetricOutcome[] = [];
		const all = outcome.cases.map((stored) => {
			const facts = factsOf(run, stored, cases[stored.case ?? ""] ?? {});
			return { facts, doubt: stored.doubt ?? certain(facts) };
		});
		for (const { facts, doubt } of all) {
			const judged = await host.call({ do: "judge", facts, doubt }, judgeLimitMs);
			checks.push(...judged.checks);
			metrics.push(...standardMetrics(facts), ...judged.metrics);
		}
		const overall = await host.call({ do: "judgeOverall", cases: all }, judgeLimitMs);
		checks.push(...overall.checks);
		metrics.push(...overall.metrics);
		return {
			schema: 1,
			runId: run.runId,
			scenario: run.scenario,
			sameScenario: hash === run.scenarioHash,
			before: pick(run),
			after: { ...judgedAgain(run, checks), metrics },
		};
	} finally {
		await host.close();
		rmSync(cwd, { recursive: true, force: true });
	}
}

function pick({ verdict, reasons, checks, metrics }: RunDocument): Judged {
	return { verdict, reasons, checks, metrics };
}

/** With the reasons that came from elsewhere than from checks: they have not changed. */
export function judgedAgain(run: RunDocument, checks: CheckOutcome[]): Omit<Judged, "metrics"> {
	const fromChecks = judgeRun(run.checks, []).reasons.map(textOf);
	const others = run.reasons.filter((reason) => !fromChecks.includes(textOf(reason)));
	// Of a run that was aborted only what was counted is judged.
	const judged = checks.filter(({ kind }) => run.state === "done" || kind === "correctness");
	return { ...judgeRun(judged, others), checks: judged };
}

function textOf({ code, message }: Reason): string {
	return `${code} ${message}`;
}
