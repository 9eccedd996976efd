import { count, ms, number, type Params } from "faultline";

export const properties = {
	rounds: count(21, 2, 200, "rounds: the source changes, rows are written, a batch is loaded"),
	rows: count(400, 20, 50_000, "orders that come with each round; a fifth as many change"),
	breaks: count(3, 1, 30, "times that the job and its connections are broken, one after another"),
	breakMs: ms(4_000, 2_100, 60_000, "length of such a time"),
	readsPerSec: number(
		20,
		0.1,
		1_000,
		"times that a consumer counts the target's orders, per second",
	),
	steadyMs: ms(1_000, 200, 60_000, "undisturbed load"),
	tries: count(12, 1, 50, "times that a batch is run until it comes to an end"),
	deadlineMs: ms(60_000, 5_000, 3_600_000, "patience with a round"),
	recoverLimitMs: ms(5_000, 500, 60_000, "longest wait for steady state after the faults"),
	intervalMs: ms(250, 50, 1_000, "length of an interval"),
};

export const small = {
	rounds: 7,
	rows: 80,
	breaks: 1,
	breakMs: 2_100,
	readsPerSec: 40,
	steadyMs: 300,
	intervalMs: 100,
};
export const large = { rounds: 40, rows: 25_000, breaks: 8, breakMs: 20_000, deadlineMs: 600_000 };

export type P = Params<typeof properties>;

/** The schema of the source, in the run's database; what the mapping's file says too. */
export const sourceSchema = "shop";
