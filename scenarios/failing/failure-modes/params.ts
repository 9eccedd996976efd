import { Type } from "typebox";
import type { Params } from "../../contract/run-params.ts";

const ms = (defaultMs: number, minimum: number, maximum: number, description: string) =>
	Type.Integer({ default: defaultMs, minimum, maximum, description: `${description}, ms` });

/** What every mode of failure takes. */
export const properties = {
	ratePerSec: Type.Number({
		default: 20,
		minimum: 1,
		maximum: 200,
		description: "batches due, per second",
	}),
	rowsPerBatch: Type.Integer({ default: 20, minimum: 1, maximum: 500, description: "rows" }),
	rowMs: ms(4, 0, 100, "work per row"),
	faultMs: ms(3_000, 200, 60_000, "how long it is broken"),
	tryTimeoutMs: ms(250, 10, 10_000, "the guarded DAG's patience per try"),
	patienceMs: ms(60_000, 0, 600_000, "how long the guarded DAG tries a step"),
	naiveRetryAfterMs: ms(20, 0, 10_000, "the naive DAG's wait between tries"),
	deadlineMs: ms(15_000, 500, 120_000, "how long the scheduler waits for a batch"),
	warmMs: ms(2_000, 0, 60_000, "load before anything is judged"),
	steadyMs: ms(4_000, 300, 60_000, "undisturbed load"),
	recoverLimitMs: ms(10_000, 500, 120_000, "longest wait for steady state after the fault"),
	intervalMs: ms(500, 50, 1_000, "length of an interval"),
	inFlightMax: Type.Integer({
		default: 1_000,
		minimum: 1,
		maximum: 20_000,
		description: "batches that may be under way at once",
	}),
};

export type P = Params<typeof properties>;

/** The shortest run that shows a fault and the recovery from it. */
export const small = {
	...{ faultMs: 500, warmMs: 200, steadyMs: 300, intervalMs: 100 },
	deadlineMs: 8_000,
};

export const large = {
	...{ ratePerSec: 40, faultMs: 10_000, recoverLimitMs: 20_000, inFlightMax: 4_000 },
	deadlineMs: 40_000,
};
