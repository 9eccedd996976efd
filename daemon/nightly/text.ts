import { metricId } from "../compare/baseline.ts";
import { show } from "../compare/portable.ts";
import { signed } from "../compare/sentence.ts";
import { wordsOf } from "../summary/outcome.ts";
import { runDetails } from "../summary/run-result.ts";
import { table } from "../text/table.ts";
import {
	duetTitle,
	type NightlyDocument,
	type NightlyDuet,
	type NightlyResult,
	titleOf,
} from "./document.ts";
import type { NightlyStatus } from "./nightly.ts";

/**
 * A summary for a person with two minutes: the verdict, in full only what failed or changed, the rest as a table. For a
 * clean night that is a screen.
 */
export function nightlyAsText(document: NightlyDocument): string {
	const { night, id, headline, plan, startedAt, endedAt, missed, results, duets, changes } =
		document;
	const minutes = (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000;
	const bad = results.filter(({ outcome }) => outcome !== "as_expected");
	const badDuets = duets.filter(({ outcome }) => outcome !== "as_expected");
	const blocks = [
		[
			`nightly ${night}: ${headline}`,
			`${id}, size ${plan.size}, seed ${plan.seed}, ${minutes.toFixed(1)} min; exit code ${document.exitCode}`,
			...(plan.allowDestructive
				? ["faults were allowed to break what Faultline had not started (--allow-destructive)"]
				: []),
			...missed.map(({ plannedAt, why }) => `the nightly of ${plannedAt} did not happen: ${why}`),
		],
		...bad.map(detailsOf),
		...badDuets.map(duetDetailsOf),
		watchedOf(document),
		changes.map(
			({ scenario, metric, series, night: since, worsePct, p }) =>
				`${scenario} ${metric} has been ${signed(worsePct)}% worse since ${since} (${series}; p ${p.toPrecision(1)}): told, not judged`,
		),
		[tableOf(document)],
	];
	return `${blocks
		.filter((block) => block.length > 0)
		.map((block) => block.join("\n").trimEnd())
		.join("\n\n")}\n`;
}

/** All that a reader needs of a result that is not as it should be, a line each. */
export function detailsOf(result: NightlyResult): string[] {
	const { outcome, why, run, error, repeats, notes, metrics } = result;
	const head = `${wordsOf(outcome).toUpperCase()}  ${titleOf(result)}`;
	// What regressed comes with its sentences below.
	const title = outcome === "regressed" ? head : `${head}: ${why}`;
	if (run === null) return [title, ...(error === null ? [] : [`  ${error.code}`])];
	return [
		title,
		...runDetails(run, repeats),
		...metrics
			.filter((metric) => metric.outcome === "regressed")
			.map((metric) => `  ${metricId(metric)} regressed: ${metric.why}`),
		...notes.map((note) => `  note: ${note}`),
	];
}

export function duetDetailsOf(duet: NightlyDuet): string[] {
	const { outcome, why, runId, sentences } = duet;
	return [
		`${wordsOf(outcome).toUpperCase()}  ${duetTitle(duet)}: ${why}`,
		...(runId === null ? [] : [`  run ${runId}`]),
		...sentences.map((sentence) => `  ${sentence}`),
	];
}

/** What got better, what stands out without being beyond chance, what can't be told: worth a line, and no alarm. */
function watchedOf({ results, duets }: NightlyDocument): string[] {
	const metrics = results.flatMap((result) =>
		result.metrics
			.filter(({ outcome, suspected }) => outcome === "improved" || suspected)
			.map((metric) => {
				const what = metric.outcome === "improved" ? "improved" : "to be watched";
				return `${titleOf(result)} ${metricId(metric)} ${what}: ${metric.why}`;
			}),
	);
	const untold = duets
		.filter(({ told }) => told === "cannot_tell")
		.map((duet) => `${duetTitle(duet)} can't tell: ${duet.why}`);
	return [...metrics, ...untold];
}

function tableOf({ results, duets }: NightlyDocument): string {
	return table([
		["scenario", "outcome", "verdict", "s", "baseline", "same", "better", "worse", "can't tell"],
		...results.map((result) => {
			const { outcome, run, baseline, metrics } = result;
			const count = (wanted: string) =>
				metrics.filter((metric) => metric.outcome === wanted).length;
			return [
				titleOf(result),
				wordsOf(outcome),
				run?.verdict ?? "–",
				run === null ? null : Number((run.tookMs / 1_000).toFixed(1)),
				baseline === null ? "none" : `${baseline.seeds.length} seeds`,
				count("same"),
				count("improved"),
				count("regressed"),
				count("cannot_tell") + count("missing"),
			];
		}),
		...duets.map((duet) => [
			duetTitle(duet),
			wordsOf(duet.outcome),
			duet.told === null ? "–" : duet.told.replace("_", " "),
			null,
			`${duet.pairs} pairs`,
			null,
			null,
			null,
			null,
		]),
	]);
}

/** `GET /nightly` as text. */
export function statusAsText({ running, next, missed, last }: NightlyStatus): string {
	const lines = [
		running === null
			? "no nightly runs"
			: `nightly ${running.id} runs since ${running.startedAt}: ${running.step} (${running.done} of ${running.of} done)`,
		next === null ? "none is planned: nightly.at in faultline.config.ts plans one" : `next ${next}`,
		...missed.map(({ plannedAt, why }) => `the nightly of ${plannedAt} did not happen: ${why}`),
	];
	return `${lines.join("\n")}\n${last === null ? "" : `\n${nightlyAsText(last)}`}`;
}

/** A metric's value, short. */
export function valueText(value: number | null): string {
	return value === null ? "–" : show(value);
}
