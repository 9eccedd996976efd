import type { Described, ScenarioDescription } from "../../../daemon/host/protocol.ts";
import type { NightlyPlan } from "../../../daemon/nightly/settings.ts";
import type { NightlyWork } from "../../../daemon/nightly/work.ts";
import type { DuetRecord, RunDocument } from "../../../daemon/record/document.ts";
import type { Pair } from "../../../daemon/record/duet.ts";
import type { RunRequest } from "../../../daemon/runs/run-mode.ts";
import { doneRun } from "../compare/accepted.ts";
import { baseline } from "./night.ts";

export const plan: NightlyPlan = {
	scenarios: null,
	duets: [],
	budgetMs: 3_600_000,
	size: "default",
	seed: 1,
	webhook: null,
	allowDestructive: false,
};

export function described(name: string, guarded = false): ScenarioDescription {
	return {
		name,
		file: `/scenarios/${name}.scenario.ts`,
		hash: "h",
		title: name,
		question: "?",
		params: {},
		sizes: {},
		guarded,
		twinFails: [],
		tools: [],
		needsFor: [],
		tolerates: [],
		needs: [],
		checks: [],
		limits: { hookMs: 1, memoryMb: 1 },
		atScale: { growth: "", breaksFirst: "", replacement: "" },
	};
}

export interface Asked {
	scenario: string;
	given: Record<string, unknown>;
	request: RunRequest;
}

/** Parts of a daemon that run nothing: `answer` says how each run ends. A run takes a minute of a clock of its own. */
export function fakeWork(
	history: string,
	{
		scenarios = [described("echo")] as (ScenarioDescription | string)[],
		answer = (_: Asked, n: number): RunDocument | Error => doneRun({}, { runId: `run-${n}` }),
		stopAfter = Number.POSITIVE_INFINITY,
	} = {},
) {
	const asked: Asked[] = [];
	const steps: string[] = [];
	let nowMs = Date.parse("2026-02-01T03:00:00Z");
	const all = scenarios.map(
		(one): Described =>
			typeof one === "string"
				? { kind: "broken", name: one, file: `/${one}`, error: "no end" }
				: { kind: "scenario", description: one },
	);
	const work: NightlyWork = {
		run: async ({ name }, given, request = { kind: "scenario" }) => {
			const one = { scenario: name, given, request };
			asked.push(one);
			nowMs += 60_000;
			const answered = answer(one, asked.length);
			if (answered instanceof Error) throw answered;
			return { ...answered, scenario: name };
		},
		catalog: {
			list: async () => all,
			find: async (name) => {
				const found = all.find((one) => one.kind === "scenario" && one.description.name === name) as
					| Extract<Described, { kind: "scenario" }>
					| undefined;
				if (found === undefined)
					throw Object.assign(new Error(`no scenario "${name}"`), { code: "FLT_SCENARIO_UNKNOWN" });
				return found.description;
			},
		},
		baselines: { find: (scenario) => (scenario === "echo" ? baseline : null) },
		history,
		nowMs: () => nowMs,
		step: (what, done, of) => steps.push(`${what} ${done + 1}/${of}`),
		stopped: () => (asked.length >= stopAfter ? "the daemon ends" : null),
	};
	return { work, asked, steps };
}

const pair = (index: number, worseLog: number): Pair => ({
	index,
	first: "a",
	startedAt: "2026-02-01T03:00:00.000Z",
	tookMs: 1,
	turns: [],
	loads: [],
	measures: [
		{
			name: "orders.p50",
			role: "gate",
			marginLog: 0.05,
			worseLog,
			matters: true,
			censored: [],
		},
	],
	failed: { a: [], b: [] },
	stealPct: 0,
	dropped: null,
});

/** A duet's run whose pairs have these log ratios. */
export function duetRun(
	outcome: DuetRecord["verdict"]["outcome"],
	worseLogs: readonly number[],
	given: Partial<RunDocument> = {},
): RunDocument {
	return doneRun(
		{},
		{
			duet: {
				variants: { a: { params: {}, urls: {} }, b: { params: {}, urls: {} } },
				shape: { kind: "whole" },
				looks: [],
				pairs: worseLogs.map((log, i) => pair(i, log)),
				verdict: { outcome, why: `orders.p50: ${outcome}`, metrics: [] },
			},
			...given,
		},
	);
}
