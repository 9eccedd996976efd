import { fork } from "node:child_process";
import { entryUrl } from "../../base/entry.ts";
import { withoutSettings } from "../../base/env.ts";
import { type Broken, type Described, type DescribeMessage, started } from "./protocol.ts";
import type { Seen } from "./seen.ts";

const importLimitMs = 15_000;
/** Of what a process said on its standard error, in characters. */
const errorsKept = 4_096;

/** What is said of a file, and all that was looked at for it; null where its process ended before it had looked. */
export type Looked<D> = (D | Broken) & { seen: Seen | null };

/**
 * Describes scenario or suite files in a process of its own. A file that does not import within 15 s is reported broken and
 * ends that process; the files after it are described by the next one.
 */
export async function describeFiles<D extends object = Described>(
	files: readonly string[],
	limitMs = importLimitMs,
): Promise<Looked<D>[]> {
	const described: Looked<D>[] = [];
	while (described.length < files.length) {
		const rest = files.slice(described.length);
		const { answers, stopped, seen } = await describeUntilStopped<D>(rest, limitMs);
		described.push(...answers);
		const culprit = rest[answers.length];
		if (culprit !== undefined) {
			described.push({
				kind: "broken",
				name: culprit.replace(/^.*\//, "").replace(/\.(scenario|suite)\.[tj]s$/, ""),
				file: culprit,
				error: stopped,
				seen,
			});
		}
	}
	return described;
}

function describeUntilStopped<D extends object>(
	files: readonly string[],
	limitMs: number,
): Promise<{ answers: Looked<D>[]; stopped: string; seen: Seen | null }> {
	return new Promise((resolve) => {
		const answers: Looked<D>[] = [];
		let stopped = "";
		let errors = "";
		/** For the file that is to be described next. */
		let seen: Seen | null = null;
		const child = fork(entryUrl("./describe-host.ts", import.meta.url), [...files], {
			stdio: ["ignore", "ignore", "pipe", "ipc"],
			execArgv: ["--no-warnings"],
			// Scenario files are a user's code: our settings and tokens are not for it.
			env: withoutSettings(process.env),
		});
		const limit = setTimeout(() => {
			stopped = `it did not finish importing within ${limitMs} ms`;
			child.kill("SIGKILL");
		}, limitMs);
		child.stderr?.on("data", (text: Buffer) => {
			errors = (errors + text.toString()).slice(-errorsKept);
		});
		child.on("message", (message) => {
			const said = message as DescribeMessage;
			limit.refresh();
			// The first says that it has started: what that took is not the first file's.
			if (said === started) return;
			if (said.kind === "seen") {
				seen = said.seen;
				return;
			}
			answers.push({ ...(said as D), seen });
			seen = null;
		});
		child.once("close", (code, signal) => {
			clearTimeout(limit);
			const words = lastWords(errors);
			stopped ||= `importing it ended the process with ${signal ?? `code ${code}`}${words && `: ${words}`}`;
			resolve({ answers, stopped, seen });
		});
	});
}

/** The error in what Node prints of one that nobody caught: the version that it ends with says nothing. */
function lastWords(text: string): string {
	const lines = text.split("\n").filter((line) => !/^(\s|$|Node\.js v)/.test(line));
	return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? "").trim();
}
