import { fork } from "node:child_process";
import { entryUrl } from "../../base/entry.ts";
import type { Described } from "./protocol.ts";

const importLimitMs = 5_000;

/**
 * Describes scenario files in a process of its own. A file that does not import within 5 s is reported broken and
 * ends that process; the files after it are described by the next one.
 */
export async function describeFiles(
	files: readonly string[],
	limitMs = importLimitMs,
): Promise<Described[]> {
	const described: Described[] = [];
	while (described.length < files.length) {
		const rest = files.slice(described.length);
		const { answers, stopped } = await describeUntilStopped(rest, limitMs);
		described.push(...answers);
		const culprit = rest[answers.length];
		if (culprit !== undefined) {
			described.push({
				kind: "broken",
				name: culprit.replace(/^.*\//, "").replace(/\.scenario\.[tj]s$/, ""),
				file: culprit,
				error: stopped,
			});
		}
	}
	return described;
}

function describeUntilStopped(
	files: readonly string[],
	limitMs: number,
): Promise<{ answers: Described[]; stopped: string }> {
	return new Promise((resolve) => {
		const answers: Described[] = [];
		let stopped = "";
		let lastWords = "";
		const child = fork(entryUrl("./describe-host.ts", import.meta.url), [...files], {
			stdio: ["ignore", "ignore", "pipe", "ipc"],
			execArgv: ["--no-warnings"],
		});
		const limit = setTimeout(() => {
			stopped = `it did not finish importing within ${limitMs} ms`;
			child.kill("SIGKILL");
		}, limitMs);
		child.stderr?.on("data", (text: Buffer) => {
			lastWords = text.toString().trim().split("\n").at(-1) ?? "";
		});
		child.on("message", (message) => {
			answers.push(message as Described);
			limit.refresh();
		});
		child.once("close", (code, signal) => {
			clearTimeout(limit);
			stopped ||= `importing it ended the process with ${signal ?? `code ${code}`}${lastWords && `: ${lastWords}`}`;
			resolve({ answers, stopped });
		});
	});
}
