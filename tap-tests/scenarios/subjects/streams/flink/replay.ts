import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";
import type { ReadyTool } from "../../../../../daemon/tools/tools.ts";
import { fetchedTool } from "../../../../live/fetched.ts";
import { untapped } from "../../../../untapped.ts";

const flink: ReadyTool | null = await fetchedTool("flink");

/** Why what needs Flink is left out; false where it is there. */
export const skip =
	flink === null && "flink is not in the cache; npm run test:components fetches it";

const pathOf = (path: string) => fileURLToPath(new URL(`../../../../../${path}`, import.meta.url));
const shared = ["scenarios/subjects/streams/flink", "tap-tests/scenarios/subjects/streams/flink"];

/** `flink-run` of a class, by paths from the root of this project; with the folders of sources that it needs. */
export function flinkRun(main: string, ...folders: string[]): string[] {
	return ["flink-run", pathOf(main), ...[...folders, ...shared].map(pathOf)];
}

/** With the programs of Flink's first. */
export function flinkEnv(env: Record<string, string> = {}): NodeJS.ProcessEnv {
	return { ...process.env, PATH: [flink!.bin, process.env.PATH].join(delimiter), ...env };
}

/** What such a class prints on these lines of input, a line each. It works in a folder of its own. */
export function replayed(
	t: Test,
	command: readonly string[],
	lines: Iterable<string>,
	env: Record<string, string> = {},
): string[] {
	const { status, stdout, stderr } = spawnSync(...untapped(command[0]!, ...command.slice(1)), {
		cwd: t.testdir(),
		input: [...lines].join("\n"),
		encoding: "utf8",
		maxBuffer: 256 * 1024 * 1024,
		env: flinkEnv(env),
	});
	if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`);
	return stdout.trimEnd().split("\n");
}
