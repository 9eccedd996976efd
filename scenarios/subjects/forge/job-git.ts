import type { RunGit } from "./clone.ts";

/** A client of a load that starts a program, as far as git needs it. */
interface Job {
	run(
		order: { args: string[]; stdin?: string },
		signal: AbortSignal,
	): Promise<{ exitCode: number | null; output: string }>;
}

/** The git of somebody who outlives operations: each brings the job to run it by, and how long that may take. */
export class JobGit {
	#now: { job: Job; signal: AbortSignal } | null = null;

	/** From here on, until somebody else does. */
	runBy(job: Job, signal: AbortSignal): void {
		this.#now = { job, signal };
	}

	readonly run: RunGit = async (args, stdin) => {
		if (this.#now === null) throw new Error("nobody has said by what git is run");
		const { job, signal } = this.#now;
		const order = stdin === undefined ? { args: [...args] } : { args: [...args], stdin };
		const { exitCode, output } = await job.run(order, signal);
		return { code: exitCode ?? -1, output };
	};
}
