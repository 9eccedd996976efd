import { count, ms, number, oneOf, type Params, phaseParams } from "faultline";

export const properties = {
	batches: count(80, 8, 1_000, "batches that are handed over"),
	rows: count(400, 100, 50_000, "rows of a batch, about"),
	everyMs: ms(250, 0, 60_000, "from the begin of one batch to that of the next, at least"),
	readsPerSec: number(4, 0.1, 100, "times that a consumer reads the warehouse, per second"),
	breaks: oneOf(
		["few", "all"],
		"all",
		"what breaks: validator, store and loader in the middle of a batch, or Postgres and the ways as well",
	),
	faultMs: ms(1_000, 50, 60_000, "how long a fault lasts, beside a start of what it killed"),
	faultGapMs: ms(3_000, 100, 60_000, "from one fault to the next"),
	patienceMs: ms(
		6_000,
		200,
		60_000,
		"longest that loader and validator wait for each other, or for the database",
	),
	askAgainMs: ms(100, 1, 5_000, "wait until a batch that was not decided is taken again"),
	shrinkTries: count(6, 0, 100, "times that smaller forms of what slipped through are handed over"),
	deadlineMs: ms(90_000, 1_000, 600_000, "patience with a batch"),
	...phaseParams({ warmMs: 500, steadyMs: 3_000, recoverLimitMs: 30_000, intervalMs: 250 }),
};

export const small = {
	batches: 20,
	rows: 200,
	everyMs: 150,
	breaks: "few",
	faultMs: 300,
	faultGapMs: 1_000,
	shrinkTries: 4,
	warmMs: 2_000,
	steadyMs: 750,
	recoverLimitMs: 20_000,
} as const;

export const large = { batches: 200, rows: 2_000 };

export type P = Params<typeof properties>;
