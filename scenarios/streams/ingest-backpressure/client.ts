import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import { type Operation, OperationError, TransportError } from "faultline";
import { pause, stream } from "faultline/subject";
import { TokenBucket } from "limiter";
import { RetryBudget } from "../../subjects/retry-budget.ts";
import type { IngestEvent } from "./event.ts";
import { headers } from "./headers.ts";

/** What clients need of an HTTP client. */
export interface Api {
	request(request: {
		method: string;
		path: string;
		headers: Record<string, string>;
		body: string;
		signal: AbortSignal;
	}): Promise<{ status: number; headers: Record<string, string | string[]> }>;
}

/**
 * Sends one event until it is accepted or given up. Resolves with how many tries got no answer; rejects with an
 * `OperationError` that says what may have become of the event.
 */
export type SendEvent = (api: Api, event: IngestEvent, operation: Operation) => Promise<number>;

/** Of one event, by whichever client. */
export const triesMax = 3;

/** What a client may send on average, and at once. */
export interface Contract {
	ratePerSec: number;
	burst: number;
}

export interface GuardedClients {
	seed: number;
	clients: number;
	contract: Contract;
	/** From its start an operation is waited for so long. */
	deadlineMs: number;
	/** Retries per event of a client. */
	budgetShare: number;
}

/** The service said that it did nothing, and when to ask again; null where it did not say that, which it has to. */
class Refused extends Error {
	readonly afterMs: number | null;

	constructor(afterMs: number | null) {
		super("refused");
		this.afterMs = afterMs;
	}
}

/** The event may be there. */
class Uncertain extends Error {
	readonly code: string;

	constructor(code: string) {
		super(code);
		this.code = code;
	}
}

/**
 * Clients that keep to a contract by a token bucket each, say how long they wait, ask again only when they were told to,
 * not before that, and for at most a share of their events.
 */
export function guardedClients(options: GuardedClients): SendEvent {
	const { seed, clients, contract, deadlineMs, budgetShare } = options;
	const jitter = stream(seed, "retry-jitter");
	const each = Array.from({ length: clients }, () => ({
		bucket: fullBucket(contract),
		budget: new RetryBudget(budgetShare, 1),
	}));
	return async (api, event, operation) => {
		const { bucket, budget } = each[event.client]!;
		const givesUpAtMs = performance.now() + deadlineMs;
		const told = newTale();
		let tries = 0;
		budget.payIn();
		// The library asks this after the last try as well, for which nothing is to be taken out of the budget.
		const isWorthwhile = (error: unknown) =>
			error instanceof Refused &&
			tries < triesMax &&
			error.afterMs !== null &&
			performance.now() + error.afterMs < givesUpAtMs &&
			budget.take();
		const policy = retry(handleWhen(isWorthwhile), {
			maxAttempts: triesMax - 1,
			backoff: new DelegateBackoff(({ result }) =>
				// Those that were refused together do not come back together.
				"error" in result && result.error instanceof Refused
					? (result.error.afterMs ?? 0) * (1 + jitter())
					: 0,
			),
		});
		try {
			await policy.execute(async () => {
				tries += 1;
				if (!bucket.tryRemoveTokens(1)) throw new OperationError("fail", "throttled");
				const leftMs = givesUpAtMs - performance.now();
				await send(api, event, Math.max(0, leftMs), operation.signal, told);
			}, operation.signal);
			return told.unansweredCount;
		} catch (error) {
			throw endOf(error, told);
		}
	};
}

/** Clients that wait as long as they can, and where something went wrong ask again at once, whatever they were told. */
export function naiveClients(): SendEvent {
	return async (api, event, { signal }) => {
		const told = newTale();
		for (let tries = 1; ; tries++) {
			try {
				await send(api, event, null, signal, told);
				return told.unansweredCount;
			} catch (error) {
				if (signal.aborted || tries === triesMax) throw endOf(error, told);
			}
			await pause(0, signal);
		}
	};
}

/** What is known of an event's tries. */
interface Tale {
	/** One of them may have left something. */
	uncertain: boolean;
	unansweredCount: number;
}

const newTale = (): Tale => ({ uncertain: false, unansweredCount: 0 });

async function send(
	api: Api,
	event: IngestEvent,
	deadlineMs: number | null,
	signal: AbortSignal,
	told: Tale,
): Promise<void> {
	let response: Awaited<ReturnType<Api["request"]>>;
	try {
		response = await api.request({
			method: "POST",
			path: "/events",
			headers: {
				"content-type": "application/json",
				[headers.client]: `${event.client}`,
				[headers.priority]: `${event.priority}`,
				...(deadlineMs === null ? {} : { [headers.deadlineMs]: `${Math.floor(deadlineMs)}` }),
			},
			body: JSON.stringify(event),
			signal,
		});
	} catch (error) {
		told.unansweredCount += 1;
		told.uncertain ||= !(error instanceof TransportError) || error.sent;
		throw error;
	}
	if (response.status === 201) return;
	const afterMs = response.headers[headers.retryAfterMs];
	if (response.headers["retry-after"] === undefined) {
		told.uncertain = true;
		throw response.status === 429 ? new Refused(null) : new Uncertain(`http_${response.status}`);
	}
	throw new Refused(Number(afterMs ?? 1_000 * Number(response.headers["retry-after"])));
}

/** As the operation is told. */
function endOf(error: unknown, { uncertain }: Tale): OperationError {
	const kind = uncertain ? "unknown" : "fail";
	if (error instanceof OperationError)
		return uncertain ? new OperationError(kind, error.code) : error;
	if (error instanceof Refused)
		return new OperationError(kind, error.afterMs === null ? withoutRetryAfter : "refused");
	if (error instanceof Uncertain) return new OperationError(kind, error.code);
	return new OperationError(kind, error instanceof TransportError ? error.code : "gave_up");
}

/** The code of a refusal that does not say when to come again. */
export const withoutRetryAfter = "refused_without_retry_after";

/** The library's begins empty: as if its client had just sent a burst. */
function fullBucket({ ratePerSec, burst }: Contract): TokenBucket {
	const bucket = new TokenBucket({
		bucketSize: burst,
		tokensPerInterval: ratePerSec,
		interval: "second",
	});
	bucket.content = burst;
	return bucket;
}
