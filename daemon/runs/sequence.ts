import type { RunDocument } from "../record/document.ts";
import type { RunManager } from "./manager.ts";

/** Runs one after another for whoever performs several. Stopped, it ends the one under way and those still to come. */
export class RunSequence {
	readonly #runs: Pick<RunManager, "start" | "stop" | "lastTry">;
	#runId: string | null = null;
	#stopped: string | null = null;

	constructor(runs: Pick<RunManager, "start" | "stop" | "lastTry">) {
		this.#runs = runs;
	}

	/** Why nothing more is to be begun; null where it may go on. */
	get stopped(): string | null {
		return this.#stopped;
	}

	/** One run, to the end of its last try; throws what is wrong with the request. */
	async run(...request: Parameters<RunManager["start"]>): Promise<RunDocument> {
		const run = await this.#runs.start(...request);
		this.#runId = run.id;
		// It may have been stopped while the run was made ready.
		if (this.#stopped !== null) await this.#runs.stop(run.id, this.#stopped);
		try {
			return await this.#runs.lastTry(run);
		} finally {
			this.#runId = null;
		}
	}

	async stop(why: string): Promise<void> {
		this.#stopped ??= why;
		if (this.#runId !== null) await this.#runs.stop(this.#runId, why);
	}
}
