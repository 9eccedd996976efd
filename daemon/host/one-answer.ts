import { fork } from "node:child_process";
import { withoutSettings } from "../../base/env.ts";

/** Of what the process said on its standard error, in characters. */
const errorsKept = 4_096;

/**
 * What a process of its own answers to one question; it ends with its answer. Rejects with its last words where it
 * ended without one, or took too long.
 */
export function askProcess<Answer>(entry: URL, question: object, limitMs: number): Promise<Answer> {
	return new Promise((resolve, reject) => {
		let answer: { value: Answer } | null = null;
		let errors = "";
		const child = fork(entry, {
			stdio: ["ignore", "ignore", "pipe", "ipc"],
			execArgv: ["--no-warnings"],
			// It may run a user's code: our settings and tokens are not for it.
			env: withoutSettings(process.env),
		});
		const limit = setTimeout(() => {
			errors = `it took longer than ${limitMs / 1_000} s`;
			child.kill("SIGKILL");
		}, limitMs);
		child.stderr?.on("data", (text: Buffer) => {
			errors = (errors + text.toString()).slice(-errorsKept);
		});
		child.once("message", (message) => {
			answer = { value: message as Answer };
		});
		child.once("error", (error) => {
			errors = error.message;
		});
		child.once("close", () => {
			clearTimeout(limit);
			if (answer !== null) resolve(answer.value);
			else reject(new Error(errors.trim() || "the process ended"));
		});
		child.send(question, () => {}); // a process that ended at once says so by its end
	});
}
