import { count, ms, number, type Params, phaseParams } from "faultline";

/** What every mode of failure takes. */
export const properties = {
	ratePerSec: number(20, 1, 200, "batches due, per second"),
	rowsPerBatch: count(20, 1, 500, "rows"),
	rowMs: ms(4, 0, 100, "work per row"),
	faultMs: ms(3_000, 200, 60_000, "how long it is broken"),
	tryTimeoutMs: ms(250, 10, 10_000, "the guarded DAG's patience per try"),
	patienceMs: ms(60_000, 0, 600_000, "how long the guarded DAG tries a step"),
	naiveRetryAfterMs: ms(20, 0, 10_000, "the naive DAG's wait between tries"),
	deadlineMs: ms(15_000, 500, 120_000, "how long the scheduler waits for a batch"),
	...phaseParams({ warmMs: 2_000, steadyMs: 4_000, recoverLimitMs: 10_000, intervalMs: 500 }),
	inFlightMax: count(1_000, 1, 20_000, "batches that may be under way at once"),
};

export type P = Params<typeof properties>;

/** The shortest run that shows a fault and the recovery from it. */
export const small = {
	faultMs: 500,
	warmMs: 200,
	steadyMs: 300,
	intervalMs: 100,
	deadlineMs: 8_000,
};

export const large = {
	ratePerSec: 40,
	faultMs: 10_000,
	recoverLimitMs: 20_000,
	inFlightMax: 4_000,
	deadlineMs: 40_000,
};
