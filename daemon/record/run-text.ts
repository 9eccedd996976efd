import { placeName } from "../../chaos/fault.ts";
import { wordOf } from "../host/check-end.ts";
import { table } from "../text/table.ts";
import type { RunDocument } from "./document.ts";
import { timingsText } from "./timings.ts";
import { triesText } from "./tries.ts";

type Cell = string | number | null;

/** A run as a person reads it in a terminal; in a sweep each line says its case. */
export function runAsText(run: RunDocument): string {
	const head = [
		`${run.scenario} ${run.runId}`,
		`state ${run.state}, verdict ${run.verdict ?? "–"} (expected ${run.expect})`,
		...run.reasons.map(({ code, message }) => `  ${code}: ${message}`),
		...[allowedText(run), triesText(run.tries), timingsText(run)].flatMap((note) =>
			note === null ? [] : [`  note: ${note}`],
		),
	].join("\n");
	const checks = byCase(
		run.checks,
		["check", "kind", "ok", "message"],
		({ id, kind, outcome, message }) => [id, kind, wordOf(outcome), message],
	);
	const metrics = byCase(
		run.metrics,
		["metric", "value", "unit", "portability"],
		({ name, value, unit, portability }) => [
			name,
			value === null ? null : Number(value.toPrecision(5)),
			unit,
			portability,
		],
	);
	const loads = byCase(
		run.loads,
		["load", "phase", "due", "ok", "fail", "unknown", "dropped", "p50 ms", "p99 ms"],
		(load) => [
			load.name,
			load.phase,
			load.due_count,
			load.ok_count,
			load.fail_count,
			load.unknown_count,
			load.dropped_count,
			inMs(load.response_us.p50),
			inMs(load.response_us.p99),
		],
	);
	const faults = byCase(
		run.faults,
		["fault", "on", "state", "injected ms", "proved ms", "healed ms", "clean ms"],
		({ kind, on, at, state, injectedMs, provedMs, healedMs, cleanMs }) => [
			kind,
			placeName({ on, at }),
			state,
			...[injectedMs, provedMs, healedMs, cleanMs].map(inWholeMs),
		],
	);
	const tables = [checks, loads, faults, alertScores(run.alerts), metrics];
	return [head, "", ...tables.filter((text) => text !== "")].join("\n");
}

function allowedText({ allowDestructive }: RunDocument): string | null {
	return allowDestructive
		? "faults were allowed to break what Faultline had not started (--allow-destructive)"
		: null;
}

/** What each rule was worth: counts are of firings and of the faults that it could have seen. */
function alertScores(alerts: RunDocument["alerts"]): string {
	const share = (value: number | null | undefined) =>
		value == null ? null : Number(value.toFixed(2));
	return byCase(
		alerts,
		["alert", "origin", "fired", "precision", "recall", "detect ms", "resolve ms", "false", "told"],
		({ rule, origin, firedMs, score }) => [
			rule,
			origin,
			firedMs.length,
			share(score?.precision),
			share(score?.recall),
			inWholeMs(score?.timeToDetectMs),
			inWholeMs(score?.timeToResolveMs),
			score?.falseCount ?? null,
			score === null ? null : `${score.detectedCount} of ${score.faultCount}`,
		],
	);
}

/** A table of what belongs to cases, without a column of them where there are none; nothing of nothing. */
function byCase<T extends { case: string | null }>(
	all: readonly T[],
	head: readonly string[],
	row: (one: T) => Cell[],
): string {
	if (all.length === 0) return "";
	if (all.every((one) => one.case === null)) return table([[...head], ...all.map(row)]);
	return table([["case", ...head], ...all.map((one) => [one.case ?? "all", ...row(one)])]);
}

function inWholeMs(ms: number | null | undefined): number | null {
	return ms == null ? null : Math.round(ms);
}

function inMs(us: number | null): number | null {
	return us === null ? null : Number((us / 1_000).toFixed(1));
}
