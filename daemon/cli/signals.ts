import { constants } from "node:os";

const folded = 500;

export interface Ending {
	/** Aborted at the first signal. */
	signal: AbortSignal;
	/** The exit code of the signal that came, or null. */
	readonly exitCode: number | null;
	/** Stops listening. */
	release(): void;
}

/**
 * SIGINT, SIGTERM and SIGHUP all mean: end in order. A terminal and npm may deliver one twice, so what comes within
 * half a second is one signal; a later one calls `onHurry`, which may shorten waits but never skips healing.
 */
export function endOnSignals(onEnd: (name: string) => void, onHurry: () => void): Ending {
	const controller = new AbortController();
	let firstMs: number | null = null;
	let exitCode: number | null = null;
	const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
	const listener = (name: NodeJS.Signals) => {
		const nowMs = performance.now();
		if (firstMs === null) {
			firstMs = nowMs;
			exitCode = 128 + constants.signals[name];
			controller.abort(new Error(`ended by ${name}`));
			onEnd(name);
		} else if (nowMs - firstMs > folded) onHurry();
	};
	for (const name of names) process.on(name, listener);
	return {
		signal: controller.signal,
		get exitCode() {
			return exitCode;
		},
		release: () => {
			for (const name of names) process.off(name, listener);
		},
	};
}
