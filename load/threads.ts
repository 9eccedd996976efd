import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { entryUrl } from "../base/entry.ts";
import { messageOf } from "../base/errors.ts";
import type { LoadTask, TaskResult, WarmTask } from "./task.ts";

/** More than any machine here has cores; each task has a thread of its own, and one beyond would wait for ever. */
export const threadsMax = 64;

/**
 * Threads that one load after another runs in: the second finds its code loaded and compiled, and need not wait for it.
 * They keep no process alive.
 */
export class Threads {
	readonly #pool: Piscina;
	readonly #max: number;
	#warming: Promise<unknown> = Promise.resolve();
	#running = 0;

	constructor(max = threadsMax) {
		this.#max = max;
		this.#pool = new Piscina({
			filename: fileURLToPath(entryUrl("./worker.ts", import.meta.url)),
			minThreads: 0,
			maxThreads: max,
			idleTimeout: Number.POSITIVE_INFINITY,
			// By default Piscina blocks a worker's event loop while it waits for a task.
			atomics: "disabled",
		});
	}

	/** Loads what so many workers will need, in as many threads, while there is other work to wait for. */
	warm(task: WarmTask, workers: number): void {
		const wanted = Math.min(workers, this.#max);
		const there = Math.min(wanted, this.#pool.threads.length);
		const each = (threads: number) =>
			Array.from({ length: threads }, () =>
				// What can't be loaded is told when it is needed.
				this.#pool.run(task, { name: "warmUp" }).catch(() => {}),
			);
		// A thread that is not done with an earlier call would leave this one to a new thread.
		const again = this.#warming.then(() => Promise.all(each(there)));
		this.#warming = Promise.all([again, ...each(wanted - there)]);
	}

	async run(task: LoadTask): Promise<TaskResult> {
		if (this.#running >= this.#max)
			return {
				ok: false,
				code: "FLT_PLAN_INVALID",
				message: `there are ${this.#max} threads for workers, and all are taken`,
				hint: `give all loads together ${this.#max} workers at most`,
			};
		this.#running++;
		await this.#warming;
		try {
			return (await this.#pool.run(task, { transferList: [task.port] })) as TaskResult;
		} catch (cause) {
			return {
				ok: false,
				code: "FLT_HOST_DIED",
				message: `its thread died: ${messageOf(cause)}`,
				hint: `something in ${task.moduleUrl} threw outside of \`work\`, or ended the thread`,
			};
		} finally {
			this.#running--;
		}
	}

	async close(): Promise<void> {
		await this.#pool.destroy();
	}
}
