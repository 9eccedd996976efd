import { closeSync, openSync, writeSync } from "node:fs";

/** The steps that ask another server for something. */
export const remoteSteps = ["extract", "load", "publish"] as const;
export type RemoteStep = (typeof remoteSteps)[number];

const taken = "taken";

/** Notes every try of a remote step before it is made; a line that is written survives the process. */
export class AttemptLog {
	readonly #file: number;

	constructor(path: string) {
		this.#file = openSync(path, "a");
	}

	note(batch: number, step: RemoteStep): void {
		writeSync(this.#file, `${batch} ${step}\n`);
	}

	/** The order service has taken what the last try to publish told it. */
	noteTaken(batch: number): void {
		writeSync(this.#file, `${batch} ${taken}\n`);
	}

	close(): void {
		closeSync(this.#file);
	}
}

export interface Attempts {
	/** Tries of all steps. */
	made: number;
	/** Steps of batches that were tried at all: one try each would have been enough. */
	needed: number;
	/** Tries to publish: as many as the order service may have seen. */
	publish: number;
	/** Of these, the ones that the order service answered that it took: as many as it has seen at least. */
	taken: number;
}

/** Counts what `AttemptLog` wrote; a line that a killed process left half written is left out. */
export function countAttempts(text: string): Attempts {
	const lines = text.split("\n").slice(0, -1);
	const tries = lines.filter((line) => !line.endsWith(` ${taken}`));
	return {
		made: tries.length,
		needed: new Set(tries).size,
		publish: tries.filter((line) => line.endsWith(" publish")).length,
		taken: lines.length - tries.length,
	};
}
