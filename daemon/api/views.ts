import { redactUrl } from "../../base/redact.ts";
import type { AlertDesk } from "../desk/desk.ts";
import type { FaultInForce, FaultLeft } from "../faults/by-hand.ts";
import type { RunBrief } from "../record/brief.ts";
import type { ServiceState } from "../stack/service.ts";
import { table } from "../text/table.ts";

/** The links that belong to a run, relative to the daemon. */
export function linksOf(runId: string): Record<string, string> {
	const run = `/runs/${runId}`;
	return {
		run,
		events: `${run}/events`,
		stop: `${run}/stop`,
		hlog: `${run}/latency.hlog`,
		report: `${run}/report`,
	};
}

/** A run as lists show it. */
export function summaryOf({ queuedAt: _, ...run }: RunBrief) {
	return { ...run, links: linksOf(run.runId) };
}

export type RunSummary = ReturnType<typeof summaryOf>;

export function runsAsText({ runs }: { runs: RunSummary[] }): string {
	return table([
		["run", "scenario", "size", "guard", "seed", "state", "verdict", "as expected"],
		...runs.map((run) => [
			run.runId,
			run.scenario,
			run.size,
			run.guard,
			run.seed,
			run.state,
			run.verdict,
			run.asExpected === null ? null : run.asExpected ? "yes" : "no",
		]),
	]);
}

/** The components of the stack, with addresses but without passwords. */
export function stackDocument(states: Record<string, ServiceState>) {
	return { components: Object.entries(states).map(([name, state]) => componentView(name, state)) };
}

export type StackDocument = ReturnType<typeof stackDocument>;

export function stackAsText({ components }: StackDocument): string {
	return table([
		["component", "state", "how", "version", "direct", "proxied"],
		...components.map((row) => [
			row.name,
			row.state,
			row.how ?? row.tried,
			row.version,
			row.direct,
			row.proxied,
		]),
	]);
}

function componentView(name: string, state: ServiceState) {
	const none = { how: null, version: null, direct: null, proxied: null, tried: null, fix: null };
	if (state.state === "off")
		return { ...none, name, state: state.state, tried: "not needed now", fix: null };
	if (state.state === "missing") {
		return { ...none, name, state: state.state, tried: state.tried, fix: state.fix };
	}
	const address = (endpoint: typeof state.endpoint | null) =>
		endpoint === null
			? null
			: redactUrl(
					endpoint.kind === "kafka" ? `kafka://${endpoint.brokers.join(",")}` : endpoint.url,
				);
	return {
		...none,
		name,
		state: state.state,
		how: state.how,
		version: state.version,
		direct: address(state.endpoint),
		proxied: address(state.proxied),
	};
}

/** The faults in force, for people. */
export function faultsAsText({
	faults,
	left,
	blocked,
}: {
	faults: readonly FaultInForce[];
	left: readonly FaultLeft[];
	blocked: boolean;
}): string {
	const note = [
		blocked ? "new faults and runs are blocked: POST /heal/release\n" : "",
		...left.map(
			({ faultId, kind, on, undo }) =>
				`${kind} on ${on} is not healed (${faultId}): faultline heal tries again; by hand, take back ${JSON.stringify(undo)}, then faultline heal --drop ${faultId}\n`,
		),
	].join("");
	if (faults.length === 0) return `${note}no fault is in force\n`;
	return (
		note +
		table([
			["fault", "kind", "on", "by hand", "heals in", "state", "seen"],
			...faults.map(({ id, kind, on, byHand, healsInMs, state, seen }) => [
				id,
				kind,
				on,
				byHand ? "yes" : "no",
				`${(healsInMs / 1_000).toFixed(1)} s`,
				state,
				seen.at(-1) ?? "",
			]),
		])
	);
}

/** Alerts as `GET /alerts` answers, for people. */
export function alertsAsText({ alerts, pending, sinks }: AlertsDocument): string {
	const told = sinks.map(
		({ kind, target, waitingCount, sentCount, droppedCount }) =>
			`${kind} at ${target}: ${sentCount} told, ${waitingCount} waiting, ${droppedCount} dropped\n`,
	);
	const rows = [
		...pending.map(({ rule, runId }) => [null, rule, "plan", "pending", null, null, runId]),
		...alerts.map(({ id, rule, origin, state, startedAt, acknowledgedBy, runId }) => [
			id,
			rule,
			origin,
			state,
			startedAt,
			acknowledgedBy,
			runId,
		]),
	];
	if (rows.length === 0) return `no alert has fired\n${told.join("")}`;
	const head = ["alert", "rule", "origin", "state", "since", "acknowledged by", "run"];
	return table([head, ...rows]) + told.join("");
}

export interface AlertsDocument {
	/** Newest first. */
	alerts: AlertDesk["alerts"];
	pending: AlertDesk["pending"];
	sinks: AlertDesk["sinks"];
}
