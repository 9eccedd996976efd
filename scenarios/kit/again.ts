import { pause } from "../../base/clock.ts";
import { codeOf, messageOf } from "../../base/errors.ts";
import { TransportError } from "../../load/outcome.ts";

const retryPauseMs = 200;

/**
 * What a broken connection interrupts is done again until it comes through: for actions that are right to be done twice.
 * `signal`, such as an operation's, is the limit; what is no matter of connections, locks or shutdowns is thrown.
 */
export async function again<T>(action: () => Promise<T>, signal: AbortSignal): Promise<T> {
	for (;;) {
		try {
			return await action();
		} catch (error) {
			if (signal.aborted)
				throw new Error(`it reached its limit: ${messageOf(error)}`, { cause: error });
			if (!isPassing(error)) throw error;
			await pause(retryPauseMs, signal);
		}
	}
}

/** A connection that broke; and by the classes of SQLSTATE connection, conflict, resources, locks, shutdown. */
function isPassing(error: unknown): boolean {
	return error instanceof TransportError || /^(?:08|40|53|55|57)...$/.test(codeOf(error) ?? "");
}
