import { fileURLToPath } from "node:url";
import { type Trial, withTrial } from "./plan.ts";
import type { Scenario } from "./scenario.ts";

/**
 * The scenario of another file, with a timeline that `faultline explore` found to break it instead of its own; for the
 * files that it writes. Its subjects and jobs are still found beside that other file, whose URL this is.
 */
export function found<S extends Scenario>(
	base: S,
	baseUrl: string,
	trial: Trial & { title: string },
): S {
	const { title, ...changes } = trial;
	const plan: Scenario["plan"] = (params) => {
		const planned = withTrial(base.plan(params), changes);
		return {
			...planned,
			subjects: fromBase(planned.subjects, baseUrl),
			jobs: fromBase(planned.jobs, baseUrl),
		};
	};
	return { ...base, title, plan };
}

/** The same with each file where it lies. */
function fromBase<T extends { file?: string }>(
	programs: Record<string, T> = {},
	baseUrl: string,
): Record<string, T> {
	const placed = Object.entries(programs).map(([name, program]) => [
		name,
		program.file === undefined
			? program
			: { ...program, file: fileURLToPath(new URL(program.file, baseUrl)) },
	]);
	return Object.fromEntries(placed);
}
