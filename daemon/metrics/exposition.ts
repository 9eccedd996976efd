export type Labels = Record<string, string>;

export interface Family {
	name: string;
	type: "counter" | "gauge" | "summary";
	help: string;
	samples: readonly { labels: Labels; value: number }[];
}

/**
 * Prometheus's text format, version 0.0.4. Written here and not by `prom-client`: what is exposed is a view of what the
 * daemon knows at that moment, so that a registry would be a second copy, and the format is these few lines.
 */
export function exposition(families: readonly Family[]): string {
	return families
		.filter(({ samples }) => samples.length > 0)
		.flatMap(({ name, type, help, samples }) => [
			`# HELP ${name} ${help}`,
			`# TYPE ${name} ${type}`,
			...samples.map(({ labels, value }) => `${name}${labelsText(labels)} ${value}`),
		])
		.concat("")
		.join("\n");
}

export const contentType = "text/plain; version=0.0.4; charset=utf-8";

function labelsText(labels: Labels): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
	return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
	return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
