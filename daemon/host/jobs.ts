import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { entryUrl } from "../../base/entry.ts";
import type { JobSpec, Plan, PlanData } from "../../scenarios/contract/plan.ts";
import type { SubjectSpec } from "../../scenarios/contract/subject.ts";
import { programOf } from "./program.ts";

const runner = fileURLToPath(entryUrl("../../chaos/subject/job-runner.ts", import.meta.url));

/**
 * The plan with each job as what it is to the daemon: a subject that starts the program when it is asked to. So whatever
 * is done to subjects, such as faults, logs and clean-up, is done to jobs.
 */
export function withRunners(
	plan: Plan,
	scenarioFile: string,
): Omit<Plan, "jobs" | "paths"> & Pick<PlanData, "paths"> {
	const { jobs = {}, ...rest } = plan;
	const subjects = Object.entries(jobs).map(([name, job]) => [
		name,
		runnerOf(name, job, scenarioFile),
	]);
	const paths = Object.entries(plan.paths).map(([path, target]) => [
		path,
		typeof target === "object" && "job" in target ? { subject: target.job } : target,
	]);
	return {
		...rest,
		subjects: { ...plan.subjects, ...Object.fromEntries(subjects) },
		paths: Object.fromEntries(paths),
	};
}

function runnerOf(name: string, job: JobSpec, scenarioFile: string): SubjectSpec {
	const { env, cwd, limitMs } = job;
	// A command is looked for by the runner, on whose PATH the needed tools are.
	const command = job.command ?? programOf(`job "${name}"`, job, scenarioFile).command;
	const own = { ...env, FLT_JOB_COMMAND: JSON.stringify(command), FLT_JOB_LIMIT_MS: limitMs ?? 0 };
	if (cwd === undefined) return { file: runner, env: own };
	return { file: runner, env: { ...own, FLT_JOB_CWD: resolve(dirname(scenarioFile), cwd) } };
}
