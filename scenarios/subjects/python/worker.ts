import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface WorkerSpec {
	/** What people call what it speaks for: `dbt`. */
	name: string;
	/** On the PATH: it has what the program imports. */
	python: "python" | "python3";
	program: URL;
	/** Beside what is there. */
	env: Readonly<Record<string, string>>;
	limitMs: number;
	/** What whoever asks gets where there is no answer. */
	failed(why: string): Error;
}

const mark = "ANSWER ";

/**
 * A program of Python's that stays, for to start it takes seconds: it is asked a line at a time, and answers each by a line after
 * `ANSWER `. Whatever else it prints is passed over.
 */
export class PythonWorker {
	readonly #spec: WorkerSpec;
	#worker: ChildProcess | null = null;
	#answer: { resolve(line: string): void; reject(error: Error): void } | null = null;

	constructor(spec: WorkerSpec) {
		this.#spec = spec;
	}

	/** Before anybody asks, or when somebody does. */
	start(): ChildProcess {
		if (this.#worker !== null) return this.#worker;
		const { python, program, env } = this.#spec;
		const worker = spawn(python, [fileURLToPath(program)], {
			env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env },
			stdio: ["pipe", "pipe", "ignore"],
		});
		this.#worker = worker;
		const ended = (why: string) => {
			if (this.#worker === worker) this.#worker = null;
			this.#answer?.reject(this.#failed(why));
		};
		worker.once("error", (error) => ended(error.message));
		worker.once("exit", (code, signal) => ended(`it ended with ${signal ?? code}`));
		worker.stdin!.on("error", () => {}); // its end is told
		createInterface({ input: worker.stdout! }).on("line", (line) => {
			if (line.startsWith(mark)) this.#answer?.resolve(line.slice(mark.length));
		});
		return worker;
	}

	/** One question at a time. */
	ask(line: string): Promise<string> {
		const { limitMs } = this.#spec;
		const worker = this.start();
		return new Promise<string>((resolve, reject) => {
			const limit = setTimeout(() => {
				this.close();
				reject(this.#failed(`it had no answer in ${limitMs} ms`));
			}, limitMs);
			this.#answer = {
				resolve(line) {
					clearTimeout(limit);
					resolve(line);
				},
				reject(error) {
					clearTimeout(limit);
					reject(error);
				},
			};
			worker.stdin!.write(`${line}\n`);
		}).finally(() => {
			this.#answer = null;
		});
	}

	close(): void {
		this.#worker?.kill("SIGKILL");
		this.#worker = null;
	}

	#failed(why: string): Error {
		return this.#spec.failed(`${this.#spec.name}: ${why}`);
	}
}
