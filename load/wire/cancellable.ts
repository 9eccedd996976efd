import { TransportError } from "../outcome.ts";

/**
 * A promise of one request on a wire. Aborting `signal` calls `cancel`, which says whether the request was sent, and
 * rejects with a `TransportError` that says so too; a signal that is aborted already starts nothing.
 */
export function cancellable<T>(
	signal: AbortSignal | undefined,
	start: (resolve: (value: T) => void, reject: (error: Error) => void) => { cancel(): boolean },
): Promise<T> {
	if (signal?.aborted) return Promise.reject(TransportError.aborted(signal, false));
	return new Promise((resolve, reject) => {
		const onAbort = () => reject(TransportError.aborted(signal!, started.cancel()));
		const settle = () => signal?.removeEventListener("abort", onAbort);
		signal?.addEventListener("abort", onAbort);
		const started = start(
			(value) => {
				settle();
				resolve(value);
			},
			(error) => {
				settle();
				reject(error);
			},
		);
	});
}
