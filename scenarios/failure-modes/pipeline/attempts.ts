import { closeSync, openSync, writeSync } from "node:fs";

/** The steps that ask another server for something. */
export const remoteSteps = ["extract", "load", "publish"] as const;
export type RemoteStep = (typeof remoteSteps)[number];

/** Notes every try of a remote step before it is made; a line that is written survives the process. */
export class AttemptLog {
	readonly #file: number;

	constructor(path: string) {
		this.#file = openSync(path, "a");
	}

	note(batch: number, step: RemoteStep): void {
		writeSync(this.#file, `${batch} ${step}\n`);
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
	/** Of these, the ones beyond a batch's first. */
	republished: number;
}

/** Counts what `AttemptLog` wrote; a line that a killed process left half written is left out. */
export function countAttempts(text: string): Attempts {
	const lines = text.split("\n").slice(0, -1);
	const publish = lines.filter((line) => line.endsWith(" publish"));
	return {
		made: lines.length,
		needed: new Set(lines).size,
		publish: publish.length,
		republished: publish.length - new Set(publish).size,
	};
}
