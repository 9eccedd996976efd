import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

const supported = "import sys; sys.exit(sys.version_info < (3, 10))";

/** This machine's Python, for what needs no packages; null where there is none, or one too old. */
export const python = spawnSync("python3", ["-c", supported]).status === 0 ? "python3" : null;

/** Said of what is left out without it. */
export const noPython = python === null && "no python3 of 3.10 or later here";

/** What every subject in Python finds. */
const shared = "scenarios/subjects/python";

/** What a program needs that finds modules in these folders of the repository. */
export function pythonEnv(...folders: string[]): Record<string, string | undefined> {
	const paths = [...folders, shared].map((path) =>
		fileURLToPath(new URL(`../../${path}`, import.meta.url)),
	);
	return {
		...process.env,
		PYTHONPATH: paths.join(delimiter),
		PYTHONDONTWRITEBYTECODE: "1",
		PYTHONUTF8: "1",
	};
}

/** Runs a program to its end, and gives the lines that it has printed, each of JSON. */
export function jsonLinesOf(
	program: string,
	{
		env,
		cwd,
		input = "",
	}: { env: Record<string, string | undefined>; cwd?: string; input?: string },
): unknown[] {
	const { status, stdout, stderr } = spawnSync(python!, [program], {
		env,
		input,
		...(cwd === undefined ? {} : { cwd }),
		encoding: "utf8",
		maxBuffer: 256 * 1024 * 1024,
	});
	if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`);
	return stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as unknown);
}
