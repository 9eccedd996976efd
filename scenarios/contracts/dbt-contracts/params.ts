import { count, ms, number, type Params } from "faultline";

export const properties = {
	orders: count(1_000, 100, 50_000, "orders of the shop"),
	trials: count(16, 4, 500, "changes that the gate is asked about, the first of them none"),
	readsPerSec: number(5, 0.1, 100, "times that a consumer reads digests of all marts, per second"),
	rounds: count(
		2,
		1,
		20,
		"times that dbt and its way to the database are broken, one after another",
	),
	roundMs: ms(30_000, 10_000, 300_000, "length of such a round"),
	gateLimitMs: ms(60_000, 1_000, 600_000, "longest run of the gate"),
	gateTries: count(8, 1, 20, "times that the gate is asked about a change until it has a verdict"),
	shrinkTries: count(
		6,
		0,
		100,
		"times that it is asked about smaller forms of what slipped through",
	),
	deadlineMs: ms(240_000, 10_000, 3_600_000, "patience with a trial"),
	steadyMs: ms(2_000, 500, 60_000, "undisturbed load"),
	recoverLimitMs: ms(10_000, 1_000, 120_000, "longest wait for steady state after the faults"),
	intervalMs: ms(500, 50, 1_000, "length of an interval"),
};

export const small = { orders: 400, trials: 8, rounds: 1, roundMs: 24_000, shrinkTries: 2 };
export const large = { orders: 20_000, trials: 120, rounds: 8 };

export type P = Params<typeof properties>;
