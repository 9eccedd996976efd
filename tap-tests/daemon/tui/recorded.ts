import { readFileSync } from "node:fs";
import { upgradedEvent } from "../../../daemon/record/upgrade.ts";
import { type Dashboard, hear, newDashboard, type Role } from "../../../daemon/tui/dashboard.ts";
import { newRunView, type RunView, seeEvent } from "../../../daemon/tui/run-view.ts";
import type { FaultInForce, KindRow, RunEvent, RunSummary } from "../../../daemon/tui/wire.ts";

/** The event stream of a real `retry-storm` run of size small. */
export function recorded(guard: "on" | "off"): RunEvent[] {
	const file = new URL(`./fixtures/guard-${guard}.ndjson`, import.meta.url);
	const lines = readFileSync(file, "utf8").trim().split("\n");
	return lines.map((line) => upgradedEvent(JSON.parse(line)) as RunEvent);
}

export const runId = "20261124T140252Z-retry-storm-6f86";
export const startMs = Date.parse("2026-11-24T14:02:52Z");

export function folded(events: readonly RunEvent[]): RunView {
	return events.reduce(seeEvent, newRunView(runId));
}

export function summary(change: Partial<RunSummary> = {}): RunSummary {
	return {
		runId,
		scenario: "retry-storm",
		guard: "off",
		seed: 1,
		size: "small",
		state: "faulting",
		verdict: null,
		asExpected: null,
		startedAt: new Date(startMs).toISOString(),
		endedAt: null,
		links: {},
		...change,
	};
}

export const scenarios = [
	{
		name: "retry-storm",
		title: "Retry storm",
		question: "Do they recover?",
		guarded: true,
		needs: ["postgres"],
		lastVerdict: "failed",
	},
	{ name: "plain", title: "Plain", question: "?", guarded: false, needs: [], lastVerdict: null },
	{ name: "broken", error: "no default export" },
];

/** A dashboard that has heard these events of an active run. */
export function dashboard(events: readonly RunEvent[] = [], role: Role = "owner"): Dashboard {
	const nowMs = startMs + 3_000;
	let state = newDashboard(role, "http://127.0.0.1:7070", nowMs);
	state = hear(state, { kind: "scenarios", scenarios, nowMs });
	if (events.length === 0) return hear(state, { kind: "runs", runs: [], nowMs });
	state = hear(state, { kind: "runs", runs: [summary()], nowMs });
	for (const event of events) state = hear(state, { kind: "event", runId, event, nowMs });
	return state;
}

/** A fault by hand that is in force, as `GET /faults` tells it. */
export function faultInForce(change: Partial<FaultInForce> = {}): FaultInForce {
	return {
		id: "latency-1",
		kind: "latency",
		on: "postgres",
		case: null,
		params: {},
		plannedFromMs: 0,
		plannedToMs: 15_000,
		injectedMs: 1,
		provedMs: 200,
		healedMs: null,
		cleanMs: null,
		state: "injected",
		seen: [],
		byHand: true,
		healsInMs: 12_000,
		...change,
	};
}

/** Kinds as `GET /faults/kinds` tells them, with what the dashboard needs of each. */
export const kinds: KindRow[] = [
	{
		kind: "group-evicted",
		victim: "members are put out",
		on: [],
		unavailable: "no path leads to kafka",
		params: { properties: { group: { type: "string" } }, required: ["group"] },
	},
	{ ...kindRow("freeze", "nothing answers"), on: ["redis"] },
	{
		...kindRow("latency", "answers come late"),
		params: {
			properties: {
				latencyMs: {
					type: "integer",
					minimum: 1,
					maximum: 60_000,
					examples: [200],
					description: "added delay, ms",
				},
				jitterMs: { type: "integer", minimum: 0 },
			},
			required: ["latencyMs"],
		},
	},
	{
		...kindRow("long-lock", "whatever touches the table waits"),
		params: { properties: { table: { type: "string" } }, required: ["table"] },
	},
	kindRow("timeout", "silence"),
];

function kindRow(kind: string, victim: string): KindRow {
	return { kind, victim, on: ["postgres", "redis"], unavailable: null, params: {} };
}
