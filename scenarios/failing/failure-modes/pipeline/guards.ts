import {
	BrokenCircuitError,
	CircuitState,
	ConsecutiveBreaker,
	circuitBreaker,
	ExponentialBackoff,
	handleAll,
	handleWhen,
	retry,
	TimeoutStrategy,
	timeout,
	wrap,
} from "cockatiel";
import { RetryBudget } from "../../../subjects/retry-budget.ts";

export interface GuardOptions {
	/** A try that takes longer is given up. */
	tryTimeoutMs: number;
	/** A step that has not succeeded so long after its first try is given up. */
	patienceMs: number;
	backoffMs: number;
	backoffMaxMs: number;
	/** Retries per step, over all batches. */
	budgetShare: number;
	budgetMost: number;
	/** Retries that are allowed beside the budget: without them the last steps of a day would wait for ever. */
	minRetriesPerSec: number;
	breakAfterFailures: number;
	halfOpenAfterMs: number;
	/** In [0, 1). */
	random(): number;
}

/** The budget has no retry left just now: not a try, and no failure of the server's. */
class BudgetSpent extends Error {}

/** Does `attempt` until it succeeds or patience is over; rejects with the last error then. */
export type Guarded = <T>(attempt: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/**
 * All guards of one server at once: a timeout per try, inside a circuit breaker, inside retries with capped exponential
 * backoff and full jitter, out of one budget. A step that finds the circuit open or the budget spent waits its turn; it
 * does not give up, because a pipeline has no user who has left.
 */
export function guardsOf(options: GuardOptions): Guarded {
	const { backoffMs, backoffMaxMs, patienceMs, random } = options;
	const budget = new RetryBudget(options.budgetShare, options.budgetMost);
	let freeRetryMs = 0;
	const mayRetry = () => {
		if (budget.take()) return true;
		const nowMs = performance.now();
		if (nowMs < freeRetryMs) return false;
		freeRetryMs = nowMs + 1_000 / options.minRetriesPerSec;
		return true;
	};
	const perTry = timeout(options.tryTimeoutMs, TimeoutStrategy.Aggressive);
	const breaker = circuitBreaker(handleAll, {
		halfOpenAfter: options.halfOpenAfterMs,
		breaker: new ConsecutiveBreaker(options.breakAfterFailures),
	});
	const once = wrap(breaker, perTry);
	return async (attempt) => {
		budget.payIn();
		const endMs = performance.now() + patienceMs;
		const leftMs = () => Math.max(0, endMs - performance.now());
		const patient = retry(
			handleWhen(() => leftMs() > 0),
			{
				maxAttempts: Number.MAX_SAFE_INTEGER,
				backoff: new ExponentialBackoff<number>({
					initialDelay: backoffMs,
					maxDelay: backoffMaxMs,
					// Full jitter: anything between nothing and the capped exponential (AWS, "Exponential backoff and
					// jitter"); but the last try is made when patience is over, and not after it.
					generator: (attempt = 0) => [
						Math.min(random() * Math.min(backoffMaxMs, backoffMs * 2 ** attempt), leftMs()),
						attempt + 1,
					],
				}),
			},
		);
		let tried = false;
		/** Why the last try failed: says more than that no other was allowed. */
		let failure: unknown = null;
		try {
			return await patient.execute(async () => {
				// While the circuit is not closed it is the breaker that says how often the server is asked.
				const mayTry = !tried || breaker.state !== CircuitState.Closed || mayRetry();
				if (!mayTry) throw new BudgetSpent("the retry budget is spent");
				return await once.execute(async ({ signal }) => {
					tried = true;
					try {
						return await attempt(signal);
					} catch (error) {
						failure = error;
						throw error;
					}
				});
			});
		} catch (error) {
			const turnedAway = error instanceof BrokenCircuitError || error instanceof BudgetSpent;
			throw turnedAway ? (failure ?? error) : error;
		}
	};
}
