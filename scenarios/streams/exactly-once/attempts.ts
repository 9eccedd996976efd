import { existsSync, readFileSync } from "node:fs";
import { monotonicMs, type SubjectSteps } from "faultline/subject";

// What a processor writes down of its work, as it goes: a line when an attempt begins, when it comes to a step and goes on
// from it, and when it ends. One that is killed leaves the lines that it had written by then.

/** The steps between which an attempt can be interrupted. */
export const steps = ["before-write", "before-commit", "after-commit"] as const;
export type StepName = (typeof steps)[number];

/**
 * How an attempt ended, as its processor knows it. `fenced`: refused, because the partition is somebody else's by then, or
 * the transaction had timed out. `unknown`: its commit was sent, and no answer came.
 */
export type Ended = "committed" | "aborted" | "fenced" | "unknown";

export type Line = { atMs: number } & (
	| { take: number; next: number; tookMs: number }
	| { begin: string; partition: number; offsets: number[]; atomic: boolean }
	/** Of which payments it is, where that was not known when it began. */
	| { id: string; offsets: number[] }
	| { id: string; came: StepName }
	| { id: string; went: StepName }
	| { id: string; ended: Ended; error: string | null }
	/** What this process has used of the processor so far, its start included. */
	| { pid: number; cpuMs: number }
);

export const attemptsFile = "attempts.ndjson";

/** One try to do the work of some payments of a partition, as a whole. */
export interface Attempt {
	/** Each posting carries it. */
	id: string;
	/** It has come to this step. */
	step(name: StepName): Promise<void>;
}

/** The attempts of this process. */
export class Attempts {
	readonly #name: string;
	readonly #steps: SubjectSteps;
	readonly #write: (line: Line) => void;
	#count = 0;
	fencedCount = 0;

	/** `write` keeps a line, whatever becomes of us next. */
	constructor(name: string, steps: SubjectSteps, write: (line: Line) => void) {
		this.#name = `${name}-${process.pid}`;
		this.#steps = steps;
		this.#write = write;
	}

	took(partition: number, next: number, sinceMs: number): void {
		this.#write({ atMs: monotonicMs(), take: partition, next, tookMs: monotonicMs() - sinceMs });
	}

	/** Does the work of these payments, and writes down how that went. False where it is not known to be done. */
	async make(
		what: { partition: number; offsets: number[]; atomic: boolean },
		work: (attempt: Attempt) => Promise<void>,
		isFencing: (error: unknown) => boolean,
	): Promise<boolean> {
		const id = `${this.#name}-${this.#count++}`;
		this.#write({ atMs: monotonicMs(), begin: id, ...what });
		let asked = false;
		const step = async (name: StepName) => {
			this.#write({ atMs: monotonicMs(), id, came: name });
			await this.#steps.reach(name);
			this.#write({ atMs: monotonicMs(), id, went: name });
			asked ||= name === "before-commit";
		};
		try {
			await work({ id, step });
			this.#write({ atMs: monotonicMs(), id, ended: "committed", error: null });
			return true;
		} catch (error) {
			const ended = isFencing(error) ? "fenced" : asked ? "unknown" : "aborted";
			if (ended === "fenced") this.fencedCount++;
			this.#write({ atMs: monotonicMs(), id, ended, error: String(error) });
			return false;
		}
	}
}

/** A last line without its end was torn by the death of its writer. */
export function readLines(file: string): Line[] {
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, "utf8").split("\n");
	lines.pop();
	return lines.map((line) => JSON.parse(line) as Line);
}
