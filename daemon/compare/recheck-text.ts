import { wordOf } from "../host/check-end.ts";
import type { CheckOutcome } from "../host/protocol.ts";
import { table } from "../text/table.ts";
import { metricId } from "./baseline.ts";
import { show } from "./portable.ts";
import type { Recheck } from "./recheck.ts";

/** Both verdicts side by side; of the metrics those that differ. */
export function recheckAsText({ runId, scenario, sameScenario, before, after }: Recheck): string {
	const ids = new Set([...before.checks, ...after.checks].map(checkId));
	const find = (checks: readonly CheckOutcome[], id: string) =>
		checks.find((check) => checkId(check) === id);
	const checks = table([
		["check", "kind", "then", "now", "message now"],
		...[...ids].map((id) => {
			const [then, now] = [find(before.checks, id), find(after.checks, id)];
			return [id, (now ?? then)!.kind, okText(then), okText(now), now?.message ?? "it is gone"];
		}),
	]);
	const known = new Map(before.metrics.map((metric) => [metricId(metric), metric.value]));
	const changed = after.metrics.flatMap((metric) => {
		const then = known.get(metricId(metric));
		if (then === metric.value) return [];
		return [[metricId(metric), valueText(then), valueText(metric.value)]];
	});
	const metrics =
		changed.length === 0
			? "no metric has changed\n"
			: table([["metric", "then", "now"], ...changed]);
	const head = [
		`${scenario} ${runId}: ${before.verdict ?? "–"} then, ${after.verdict ?? "–"} now`,
		...after.reasons.map(({ code, message }) => `  ${code}: ${message}`),
		...(sameScenario ? [] : ["note: the scenario has changed since the run"]),
	];
	return `${head.join("\n")}\n\n${checks}\n${metrics}`;
}

function checkId({ id, case: case_ }: CheckOutcome): string {
	return case_ === null ? id : `${case_}/${id}`;
}

function okText(check: CheckOutcome | undefined): string {
	if (check === undefined) return "–";
	return wordOf(check.outcome);
}

function valueText(value: number | null | undefined): string {
	return value === null || value === undefined ? "–" : show(value);
}
