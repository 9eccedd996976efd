import { fork } from "node:child_process";
import { entryUrl } from "../../base/entry.ts";
import { withoutSettings } from "../../base/env.ts";
import { FaultlineError } from "../../base/errors.ts";
import type { Rendered, RenderJob } from "./job.ts";

const limitMs = 120_000;
/** Of what the process said on its standard error, in characters. */
const errorsKept = 4_096;

/** Renders a page in a process of its own, at low priority; resolves when the file is written. */
export function render(job: RenderJob): Promise<void> {
	return new Promise((resolve, reject) => {
		let rendered: Rendered | null = null;
		let errors = "";
		const child = fork(entryUrl("./render-host.ts", import.meta.url), {
			stdio: ["ignore", "ignore", "pipe", "ipc"],
			execArgv: ["--no-warnings"],
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
			rendered = message as Rendered;
		});
		child.once("error", (error) => {
			errors = error.message;
		});
		child.once("close", () => {
			clearTimeout(limit);
			if (rendered?.ok) return resolve();
			const message = rendered === null ? errors.trim() || "the process ended" : rendered.message;
			reject(
				new FaultlineError(
					"FLT_INTERNAL",
					`the report could not be rendered: ${message}`,
					"the record is there: faultline show RUN",
				),
			);
		});
		child.send(job, () => {}); // a process that ended at once says so by its end
	});
}
