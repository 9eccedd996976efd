import type { MetricSpec } from "./facts.ts";
import type { Check, Judgement } from "./judgement.ts";

const kinds: Record<Check<never>["kind"], true> = { correctness: true, performance: true };
const directions: Record<MetricSpec["direction"], true> = { lower: true, higher: true };
const portabilities: Record<MetricSpec["portability"], true> = {
	exact: true,
	bounded: true,
	machine: true,
};

/**
 * What is said of checks and metrics that can't be, a sentence each; empty where all can. Files are run without a
 * compiler, and a kind that is misspelt would be a check that decides nothing.
 */
export function judgementProblems({
	checks = {},
	metrics = {},
}: Pick<Judgement<never>, "checks" | "metrics">): string[] {
	const problems: string[] = [];
	for (const [id, check] of Object.entries(checks)) {
		const { kind, judge } = check;
		const shapedBy: unknown = "shapedBy" in check ? check.shapedBy : undefined;
		if (!Object.hasOwn(kinds, kind ?? ""))
			problems.push(unknown(`check "${id}"`, "kind", kind, kinds));
		if (shapedBy !== undefined && shapedBy !== "timing")
			problems.push(
				`check "${id}" has shapedBy ${JSON.stringify(shapedBy)}; it is "timing" or left out`,
			);
		if (typeof judge !== "function")
			problems.push(`check "${id}" has no function judge(facts), which says whether it holds`);
	}
	for (const [name, metric] of Object.entries(metrics)) {
		const { direction, portability, measure } = metric;
		const what = `metric "${name}"`;
		if (!Object.hasOwn(directions, direction ?? ""))
			problems.push(unknown(what, "direction", direction, directions));
		if (!Object.hasOwn(portabilities, portability ?? ""))
			problems.push(unknown(what, "portability", portability, portabilities));
		if (typeof measure !== "function")
			problems.push(`${what} has no function measure(facts), which gives its value`);
	}
	return problems;
}

function unknown(what: string, field: string, value: unknown, known: object): string {
	const all = Object.keys(known).map((name) => `"${name}"`);
	return `${what} has ${field} ${JSON.stringify(value) ?? "undefined"}; it is ${all.join(" or ")}`;
}
