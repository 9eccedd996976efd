import { codeOf, messageOf } from "../../base/errors.ts";
import type { ReasonCode } from "../record/document.ts";

/** Why a run ends before its time. */
export class RunEnd extends Error {
	readonly code: ReasonCode;

	constructor(code: ReasonCode, message: string, cause?: unknown) {
		super(message, { cause });
		this.code = code;
	}
}

/** What any error says of the run it ended: the host's death and limits have codes of their own. */
export function runEndOf(error: unknown, otherwise: ReasonCode): RunEnd {
	if (error instanceof RunEnd) return error;
	switch (codeOf(error)) {
		case "FLT_HOOK_LIMIT":
			return new RunEnd("hook_limit", messageOf(error), error);
		case "FLT_HOST_LATE":
			return new RunEnd("host_late", messageOf(error), error);
		case "FLT_HOST_DIED":
			return new RunEnd("host_died", messageOf(error), error);
		case "FLT_COMPONENT_LOST":
		case "FLT_COMPONENT_MISSING":
			return new RunEnd("component_lost", messageOf(error), error);
		default:
			return new RunEnd(otherwise, messageOf(error), error);
	}
}

/** Whether the host had been given up when a run ended so: what its loads had under way it did not tell. */
export function isWithoutHost(code: ReasonCode | undefined): boolean {
	return code === "host_died" || code === "host_late" || code === "hook_limit";
}

/** Ends a run from anywhere: whoever waits through it is woken with the first cause, later ones are ignored. */
export class Interrupt {
	readonly #controller = new AbortController();

	raise(end: RunEnd): void {
		if (!this.#controller.signal.aborted) this.#controller.abort(end);
	}

	get end(): RunEnd | null {
		return this.#controller.signal.aborted ? (this.#controller.signal.reason as RunEnd) : null;
	}

	/** Throws the cause where there is one: before a step that should not begin any more. */
	check(): void {
		if (this.end !== null) throw this.end;
	}

	/** Rejects with the cause as soon as there is one, else settles as `work` does. */
	async race<T>(work: Promise<T>): Promise<T> {
		const { signal } = this.#controller;
		work.catch(() => {}); // whoever lost the race is heard by nobody
		return new Promise((resolve, reject) => {
			const onAbort = () => reject(signal.reason);
			if (signal.aborted) return onAbort();
			signal.addEventListener("abort", onAbort, { once: true });
			work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
		});
	}

	/** Races work that ends itself where its signal says so. */
	signalled<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
		return this.race(work(this.#controller.signal));
	}

	/** Waits until the clock shows `untilMs` in the run's time. */
	async until(untilMs: number, nowMs: () => number): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		const waiting = new Promise<void>((resolve) => {
			const look = () => {
				const left = untilMs - nowMs();
				if (left <= 0) resolve();
				else timer = setTimeout(look, Math.ceil(left)); // timers can fire early
			};
			look();
		});
		try {
			await this.race(waiting);
		} finally {
			clearTimeout(timer);
		}
	}
}
