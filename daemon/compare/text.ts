import { table } from "../text/table.ts";
import { type BaselineDocument, keyText, metricId } from "./baseline.ts";
import type { ComparedMetric, ComparisonDocument } from "./document.ts";
import { show } from "./portable.ts";
import { signed, wordsOf } from "./sentence.ts";

/** A comparison as a person reads it in a terminal. */
export function comparisonAsText(comparison: ComparisonDocument): string {
	const { scenario, runId, against, notes, outcome, metrics, repeats } = comparison;
	const other =
		against.kind === "run"
			? `run ${against.runId}`
			: `baseline ${against.key} (seeds ${against.seeds.join(", ")})`;
	const lines = [
		`${scenario} ${runId} against ${other}: ${wordsOf(outcome)}`,
		...(repeats.length > 0 ? [`repeats: ${repeats.join(", ")}`] : []),
		...notes.map((note) => `note: ${note}`),
		"",
		table([
			["metric", "outcome", "value", "against", "worse by", "why"],
			...metrics.map((metric) => [
				metricId(metric),
				metric.suspected ? "suspected" : wordsOf(metric.outcome),
				metric.value === null ? "–" : show(metric.value),
				againstText(metric),
				effectText(metric),
				metric.why,
			]),
		]),
	];
	return lines.join("\n");
}

function againstText({ against, range }: ComparedMetric): string {
	if (range !== null) return `${show(range.min)} … ${show(range.max)}`;
	return against === null ? "–" : show(against);
}

function effectText({ effect }: ComparedMetric): string {
	if (effect === null) return "–";
	const { worsePct, lowPct, highPct } = effect;
	const interval =
		lowPct === null || highPct === null ? "" : ` [${signed(lowPct)}, ${signed(highPct)}]`;
	return `${signed(worsePct)}%${interval}`;
}

/** What baselines there are. */
export function baselinesAsText({ baselines }: { baselines: readonly BaselineDocument[] }): string {
	if (baselines.length === 0)
		return "no baselines yet: faultline baseline accept RUN --reason … makes one\n";
	return table([
		["scenario", "key", "seeds", "accepted", "reason of the last"],
		...baselines.flatMap(({ scenario, entries }) =>
			entries.map((entry) => {
				const [last] = [...entry.runs].sort((a, b) => (a.acceptedAt < b.acceptedAt ? 1 : -1));
				const seeds = entry.runs.map(({ seed }) => seed).join(" ");
				return [scenario, keyText(entry), seeds, last?.acceptedAt ?? null, last?.reason ?? null];
			}),
		),
	]);
}

/** One scenario's baseline. */
export function baselineAsText({ scenario, entries }: BaselineDocument): string {
	return entries
		.map((entry) => {
			const runs = table([
				["seed", "run", "accepted", "reason"],
				...entry.runs.map(({ seed, runId, acceptedAt, reason }) => [
					seed,
					runId,
					acceptedAt,
					reason,
				]),
			]);
			const metrics = table([
				["metric", "portability", "unit", "min", "median", "max"],
				...entry.metrics.map((metric) => {
					const values = Object.values(metric.values).filter((value) => value !== null);
					const range = metric.range ?? { min: least(values), median: null, max: most(values) };
					const cells = [range.min, range.median, range.max];
					return [
						metricId(metric),
						metric.portability,
						metric.unit,
						...cells.map((value) => (value === null ? null : Number(show(value)))),
					];
				}),
			]);
			return `${scenario} ${keyText(entry)}\n\n${runs}\n${metrics}`;
		})
		.join("\n");
}

function least(values: readonly number[]): number | null {
	return values.length === 0 ? null : Math.min(...values);
}

function most(values: readonly number[]): number | null {
	return values.length === 0 ? null : Math.max(...values);
}
