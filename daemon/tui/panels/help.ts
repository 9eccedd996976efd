import type { Dashboard } from "../dashboard.ts";
import { keyHelp } from "../keys.ts";
import { clean, type Line, span, wrap } from "../text.ts";

/** The keys, how to read the charts, and what each component is or lacks. */
export function helpLines(state: Dashboard, width: number): Line[] {
	const text = (words: string): Line[] => wrap(words, width).map((line): Line => [span(line)]);
	const selected = state.scenarios.find(({ name }) => name === state.selected);
	const missing = state.components.filter((component) => component.state === "missing");
	const off = state.components.filter((component) => component.state === "off");
	return [
		...keyHelp.map(([key, what]): Line => [span(key.padEnd(12), "accent"), span(what)]),
		[],
		...text(
			"A gap in the response times: no operation ended then; in flight counts those that wait. Errors are operations that failed or timed out. Uprights: a fault injected, and healed.",
		),
		...(selected !== undefined && "question" in selected
			? [[], ...text(`${selected.name}: ${clean(selected.question)}`)]
			: []),
		...missing.flatMap(({ name, state: is, tried, fix }) => [
			[],
			...text(clean(`${name} is ${is}: ${[tried, fix].filter(Boolean).join("; ")}`)),
		]),
		...(off.length > 0
			? [[], ...text(`Come when a run needs them: ${off.map(({ name }) => name).join(", ")}.`)]
			: []),
	];
}
