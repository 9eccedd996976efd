import { html } from "../html.ts";
import { badge, table } from "../parts.ts";
import { caseOf, casesOf, type RunReport, type Section } from "../report.ts";
import { metricText, microsText } from "../units.ts";

/** The cases of a sweep beside each other, before each has its own part. */
export default {
	order: 20,
	per: "run",
	title: "Cases",
	render(report) {
		const ids = casesOf(report).filter((id) => id !== null);
		if (ids.length === 0) return null;
		return table(
			[
				{ label: "case" },
				{ label: "checks", wide: true },
				{ label: "p99 steady", numeric: true },
				{ label: "p99 under faults", numeric: true },
				{ label: "recovered after", numeric: true },
			],
			ids.map((id) => row(id, caseOf(report, id))),
		);
	},
} satisfies Section;

function row(id: string, { document: { checks, loads, metrics } }: RunReport) {
	const failed = checks.filter(({ outcome }) => outcome !== "held").map((check) => check.id);
	const p99 = (phase: string) => {
		const load = loads.find((known) => known.phase === phase);
		if (load === undefined) return microsText(null);
		return microsText(load.response_us.p99, load.censored.includes("response_us.p99"));
	};
	const mttr = metrics.find(({ name }) => name === "mttr_ms");
	return [
		html`<a href="#case-${id}">${id}</a>`,
		checks.length === 0
			? badge("warn", "none reached")
			: failed.length === 0
				? badge("good", "all hold")
				: html`${badge("bad", "not held:")} ${failed.join(", ")}`,
		p99("steady"),
		p99("faulting"),
		metricText(mttr?.value ?? null, "ms"),
	];
}
