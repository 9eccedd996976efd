import { codeOf } from "../base/errors.ts";

/** How an operation ended. The difference between `fail` and `unknown` decides what may be in the data afterwards. */
export type Outcome =
	| { kind: "ok" }
	| { kind: "fail"; code: string } // certainly did not happen
	| { kind: "unknown"; code: string }; // timeout, reset: may have happened

export type OutcomeKind = Outcome["kind"];

/**
 * Thrown by `work` to say for itself how its operation ended, over what the driver would make of the error:
 * `new OperationError("fail", "circuit_open")`. What it says beside the code, if anything, is shown as its sample.
 */
export class OperationError extends Error {
	readonly code: string;
	readonly outcome: Outcome;

	constructor(kind: "fail" | "unknown", code: string, message = `${kind}: ${code}`) {
		super(message);
		this.name = "OperationError";
		this.code = code;
		this.outcome = { kind, code };
	}
}

/** Thrown by a driver's client where the connection, not the service, ended a request; `sent` decides the outcome. */
export class TransportError extends Error {
	readonly code: string;
	readonly sent: boolean;

	constructor(code: string, sent: boolean, cause?: unknown) {
		super(`${code} ${sent ? "after" : "before"} the request was sent`, { cause });
		this.name = "TransportError";
		this.code = code;
		this.sent = sent;
	}

	/** That a signal ended the request: by the code of the operation given up, else `timeout` or `aborted`. */
	static aborted(signal: AbortSignal, sent: boolean): TransportError {
		const reason: unknown = signal.reason;
		if (reason instanceof OperationError) return new TransportError(reason.code, sent, reason);
		const timedOut = reason instanceof DOMException && reason.name === "TimeoutError";
		return new TransportError(timedOut ? "timeout" : "aborted", sent, reason);
	}
}

/**
 * The outcome of an operation that failed: its own word first, then whether it was ever sent, then the drivers'.
 * An error that none of them knows (a mistake in `work`, say) may have come after the request was sent: `unknown`.
 */
export function outcomeOf(
	error: unknown,
	drivers: Iterable<{ classify(error: unknown): Outcome | null }>,
): Outcome {
	if (error instanceof OperationError) return error.outcome;
	if (error instanceof TransportError)
		return { kind: error.sent ? "unknown" : "fail", code: error.code };
	for (const driver of drivers) {
		const outcome = driver.classify(error);
		if (outcome !== null) return outcome;
	}
	return {
		kind: "unknown",
		code: codeOf(error) ?? (error instanceof Error ? error.name : "error"),
	};
}
