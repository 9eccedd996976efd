import { fileURLToPath } from "node:url";
import { type Trial, withTrial } from "./plan.ts";
import type { Scenario } from "./scenario.ts";

/**
 * The scenario of another file, with a timeline that `faultline explore` found to break it instead of its own; for the
 * files that it writes. Its subjects are still found beside that other file, whose URL this is.
 */
export function found<S extends Scenario>(
	base: S,
	baseUrl: string,
	trial: Trial & { title: string },
): S {
	const { title, ...changes } = trial;
	const plan: Scenario["plan"] = (params) => {
		const planned = withTrial(base.plan(params), changes);
		const subjects = Object.entries(planned.subjects ?? {}).map(([name, subject]) => [
			name,
			subject.file === undefined
				? subject
				: { ...subject, file: fileURLToPath(new URL(subject.file, baseUrl)) },
		]);
		return { ...planned, subjects: Object.fromEntries(subjects) };
	};
	return { ...base, title, plan };
}
