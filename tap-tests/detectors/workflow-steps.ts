import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { commitInto } from "../../scenarios/subjects/forge/commit-into.ts";
import type { FileChange } from "../../scenarios/subjects/forge/file-change.ts";
import { git, sealedEnv } from "../../scenarios/subjects/forge/git.ts";

export interface Step {
	name?: string;
	uses?: string;
	run?: string;
}

/** The steps of a workflow's job that run something; installing is what whoever runs this has done. */
export function runnableSteps(file: URL, job: string): Step[] {
	const { steps } = parse(readFileSync(file, "utf8")).jobs[job] as { steps: Step[] };
	return steps.filter(({ run }) => run !== undefined && !run.startsWith("npm ci"));
}

/** A clone as a checkout of a pull request is: main is `origin/main`, what is proposed is HEAD. */
export async function checkedOut(
	folder: string,
	repository: string,
	files: FileChange[],
): Promise<string> {
	const at = join(folder, repository);
	await commitInto(at, {
		ref: "refs/heads/proposed",
		parents: ["refs/heads/main^0"],
		text: "proposed",
		files,
	});
	await git(["clone", "--quiet", "--branch=proposed", at, "clone"], { folder });
	return join(folder, "clone");
}

/** Runs a step as it is written. */
export function runStep(
	{ run }: Step,
	cwd: string,
	env: Record<string, string>,
): { status: number | null; output: string } {
	const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
	const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", run!], {
		cwd,
		env: { ...sealedEnv, PATH: path, ...env },
		encoding: "utf8",
		timeout: 60_000,
	});
	return { status, output: `${stdout}${stderr}` };
}
