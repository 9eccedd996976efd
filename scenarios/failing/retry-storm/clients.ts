import {
	BrokenCircuitError,
	ConsecutiveBreaker,
	circuitBreaker,
	ExponentialBackoff,
	handleAll,
	handleWhen,
	retry,
	TaskCancelledError,
	TimeoutStrategy,
	timeout,
	wrap,
} from "cockatiel";
import { type HttpClient, type Operation, OperationError } from "faultline";
import { pause, stream } from "faultline/subject";
import { RetryBudget } from "../../subjects/retry-budget.ts";
import type { Order } from "./orders.ts";

/** Sends one order until it is accepted or given up. Rejects with an `OperationError` that says what may be there. */
export type PlaceOrder = (api: HttpClient, order: Order, operation: Operation) => Promise<void>;

/** Answered, but not with 2xx: the downstream could not say whether the order is there. */
class Refused extends Error {
	constructor(status: number) {
		super(`http ${status}`);
	}
}

async function send(
	api: HttpClient,
	order: Order,
	key: string | null,
	signal: AbortSignal,
): Promise<void> {
	const response = await api.request({
		method: "POST",
		path: "/orders",
		headers: {
			"content-type": "application/json",
			...(key === null ? {} : { "idempotency-key": key }),
		},
		body: JSON.stringify(order),
		signal,
	});
	if (response.status >= 300) throw new Refused(response.status);
}

/**
 * The naive loop: a timeout per try and a short wait, again and again until the deadline. Each try that timed out is
 * still in the downstream's queue, and will be written.
 */
export function naiveClient(options: { tryTimeoutMs: number; retryAfterMs: number }): PlaceOrder {
	return async (api, order, operation) => {
		for (;;) {
			const attempt = new AbortController();
			const cancel = () => attempt.abort();
			operation.signal.addEventListener("abort", cancel);
			const timer = setTimeout(cancel, options.tryTimeoutMs);
			try {
				return await send(api, order, null, attempt.signal);
			} catch (error) {
				if (operation.signal.aborted) throw new OperationError("unknown", "deadline");
				if (!(error instanceof Error)) throw error;
			} finally {
				clearTimeout(timer);
				operation.signal.removeEventListener("abort", cancel);
			}
			await pause(options.retryAfterMs, operation.signal);
			// A try that left now would belong to an operation that has ended, and to no count.
			if (operation.signal.aborted) throw new OperationError("unknown", "deadline");
		}
	};
}

export interface Guards {
	seed: number;
	tryTimeoutMs: number;
	retriesMax: number;
	backoffMs: number;
	backoffMaxMs: number;
	/** Retries per order, over all clients. */
	budgetShare: number;
	breakAfterFailures: number;
	halfOpenAfterMs: number;
}

/**
 * All guards at once: timeout per try, inside a circuit breaker, inside retries with capped exponential backoff, full
 * jitter and a budget; and one idempotency key per order, so that a try that was written after all is not written twice.
 */
export function guardedClient(guards: Guards): PlaceOrder {
	const budget = new RetryBudget(guards.budgetShare, 20);
	const jitter = stream(guards.seed, "retry-jitter");
	const perTry = timeout(guards.tryTimeoutMs, TimeoutStrategy.Aggressive);
	const breaker = circuitBreaker(handleAll, {
		halfOpenAfter: guards.halfOpenAfterMs,
		breaker: new ConsecutiveBreaker(guards.breakAfterFailures),
	});
	const retries = retry(
		handleWhen(() => budget.take()),
		{
			maxAttempts: guards.retriesMax,
			backoff: new ExponentialBackoff<number>({
				initialDelay: guards.backoffMs,
				maxDelay: guards.backoffMaxMs,
				// Full jitter: anything between nothing and the capped exponential (AWS, "Exponential backoff and jitter").
				generator: (attempt = 0) => [
					jitter() * Math.min(guards.backoffMaxMs, guards.backoffMs * 2 ** attempt),
					attempt + 1,
				],
			}),
		},
	);
	const policy = wrap(retries, breaker, perTry);
	return async (api, order, operation) => {
		budget.payIn();
		let sent = false;
		try {
			await policy.execute(({ signal }) => {
				sent = true;
				return send(api, order, order.orderId, signal);
			}, operation.signal);
		} catch (error) {
			if (!sent) throw new OperationError("fail", "circuit_open");
			throw new OperationError("unknown", codeOf(error));
		}
	};
}

function codeOf(error: unknown): string {
	if (error instanceof TaskCancelledError) return "try_timeout";
	if (error instanceof BrokenCircuitError) return "circuit_open_after_try";
	if (error instanceof Refused) return "refused";
	return "connection";
}
