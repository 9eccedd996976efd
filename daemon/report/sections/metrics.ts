import { codeName, table } from "../parts.ts";
import type { Section } from "../report.ts";
import { metricText } from "../units.ts";

const portabilityWords = {
	exact: "the same everywhere",
	bounded: "within bounds everywhere",
	machine: "on this machine",
};

/** All metrics, by which runs are compared. */
export default {
	order: 160,
	per: "case",
	title: "Metrics",
	render({ document: { metrics } }) {
		if (metrics.length === 0) return null;
		return table(
			[
				{ label: "metric" },
				{ label: "value", numeric: true },
				{ label: "better" },
				{ label: "comparable" },
			],
			metrics.map(({ name, value, unit, direction, portability, censored }) => [
				codeName(name),
				`${censored && value !== null ? "≥ " : ""}${metricText(value, unit)}`,
				direction,
				portabilityWords[portability],
			]),
		);
	},
} satisfies Section;
