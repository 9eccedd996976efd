import { existsSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { entryUrl } from "../../base/entry.ts";
import { FaultlineError } from "../../base/errors.ts";
import type { SubjectSpec } from "../../scenarios/contract/subject.ts";

/** Faults that act from within a Node subject act through this. */
const agent = ["--import", entryUrl("../../chaos/subject/agent.ts", import.meta.url).href];

/** What runs a subject's file, by its extension. */
const runners: Record<string, readonly string[]> = {
	".ts": [process.execPath, "--no-warnings", ...agent],
	".js": [process.execPath, ...agent],
	".py": ["python3"],
	".jar": ["java", "-jar"],
	".sh": ["sh"],
};

/** Whether Node runs a subject, by an interpreter that we choose. */
export function runsInNode(spec: Pick<SubjectSpec, "file">): boolean {
	return spec.file !== undefined && runners[extname(spec.file)]?.[0] === process.execPath;
}

export interface Program {
	/** The program, and its arguments. */
	command: readonly [string, ...string[]];
	/** In a few words, for people: `python3 clocked.py`. */
	title: string;
}

/** What is run: a command as it is, or a file with its arguments by what runs files of its kind. */
type Runnable =
	| { command: readonly string[]; file?: never; args?: never }
	| { file: string; args?: readonly string[]; command?: never };

/** How a subject or job is started; `who` it is, such as `subject "api"`, is what a refusal begins with. */
export function programOf(who: string, spec: Runnable, scenarioFile: string): Program {
	if (spec.command !== undefined) {
		const [program, ...args] = spec.command;
		if (program === undefined)
			throw refused(who, "its command is empty", "give it a program and its arguments");
		// Beside the scenario, as a file is; anything else is looked for on the PATH.
		const found = /^\.{1,2}\//.test(program) ? resolve(dirname(scenarioFile), program) : program;
		return { command: [found, ...args], title: spec.command.join(" ") };
	}
	const wanted = resolve(dirname(scenarioFile), spec.file);
	const file = existsSync(wanted) ? wanted : wanted.replace(/\.ts$/, ".js");
	const runner = runners[extname(file)];
	if (!existsSync(file) || runner === undefined)
		throw refused(
			who,
			existsSync(file) ? `nothing runs ${file}` : `there is no file ${wanted}`,
			`name a file beside the scenario with one of ${Object.keys(runners).join(", ")}, or a command: ["program", "argument"]`,
		);
	const [program, ...args] = runner;
	return {
		command: [program!, ...args, file, ...(spec.args ?? [])],
		title: `${basename(program!)} ${basename(file)}`,
	};
}

function refused(who: string, what: string, hint: string): FaultlineError {
	return new FaultlineError("FLT_PLAN_INVALID", `${who}: ${what}`, hint);
}
