import type { RunDocument } from "../../record/document.ts";
import { rateText } from "../../text/numbers.ts";
import { html } from "../html.ts";
import { table } from "../parts.ts";
import { loadsOf, type Section } from "../report.ts";
import { countText, microsText } from "../units.ts";

type Load = RunDocument["loads"][number];

/** Counts and percentiles by phase, and the errors by their code. */
export default {
	order: 130,
	per: "case",
	title: "Load by phase",
	render(report) {
		const { loads } = report.document;
		if (loads.length === 0) return null;
		const several = loadsOf(report).length > 1;
		const numeric = (label: string) => ({ label, numeric: true });
		return html`${table(
			[
				{ label: "phase" },
				...["offered", "due", "ok", "fail", "unknown", "dropped", "p50", "p99", "p99.9"].map(
					numeric,
				),
			],
			loads.map((load) => [
				several ? `${load.name}, ${load.phase}` : load.phase,
				`${rateText(load.offered_per_sec)}/s`,
				...[
					load.due_count,
					load.ok_count,
					load.fail_count,
					load.unknown_count,
					load.dropped_count,
				].map(countText),
				...(["p50", "p99", "p99_9"] as const).map((quantile) => percentile(load, quantile)),
			]),
		)}${errors(loads)}${
			loads.some(({ censored }) => censored.length > 0) &&
			html`<p class="note">≥: some operations never ended or never started; the value is a lower bound.</p>`
		}`;
	},
} satisfies Section;

function percentile({ response_us, censored }: Load, quantile: "p50" | "p99" | "p99_9"): string {
	return microsText(response_us[quantile], censored.includes(`response_us.${quantile}`));
}

function errors(loads: readonly Load[]) {
	const counted = loads
		.filter(({ phase }) => phase === "all")
		.flatMap(({ name, errors }) =>
			Object.entries(errors).map(([code, count]) => ({ name, code, count })),
		)
		.sort((a, b) => b.count - a.count);
	if (counted.length === 0) return null;
	const words = counted.map(({ code, count }) => html`<code>${code}</code> ${countText(count)}`);
	return html`<p>Errors after warm-up: ${words.map((word, i) => html`${i > 0 && ", "}${word}`)}.</p>`;
}
