import { FaultlineError } from "../base/errors.ts";

/** Worker `worker`'s part of a number that is divided over `workers`; the parts add up to the whole. */
export function share(total: number, worker: number, workers: number): number {
	return Math.floor(total / workers) + (worker < total % workers ? 1 : 0);
}

/** Like `share`, where a worker with nothing could do no work: such a division is refused. */
export function shareOf(what: string, total: number, worker: number, workers: number): number {
	if (Number.isInteger(total) && total >= workers) return share(total, worker, workers);
	throw new FaultlineError(
		"FLT_PLAN_INVALID",
		`${what} is ${total}, but must be a whole number of at least ${workers}: each of ${workers} workers needs one`,
		`raise ${what}, or take fewer workers`,
	);
}
