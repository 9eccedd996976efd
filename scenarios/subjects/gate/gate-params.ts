import { count, ms, oneOf, phaseParams } from "faultline";

/** Parameters of changes that are brought to a gate one after another, and of what breaks meanwhile. */
export const gateParams = {
	trials: count(70, 4, 5_000, "changes that are brought to the gate"),
	everyMs: ms(600, 0, 60_000, "from the begin of one change to that of the next, at least"),
	breaks: oneOf(
		["few", "all"],
		"all",
		"what breaks: some of it, while the gate checks, or each process, database and way",
	),
	faultMs: ms(800, 50, 60_000, "how long a fault lasts"),
	faultGapMs: ms(2_200, 100, 60_000, "from one fault to the next"),
	patienceMs: ms(5_000, 200, 60_000, "longest that the gate waits for what it asks"),
	askAgainMs: ms(40, 1, 5_000, "wait until a push that had no verdict is pushed again"),
	shrinkTries: count(6, 0, 100, "times that smaller forms of what slipped through are proposed"),
	deadlineMs: ms(30_000, 1_000, 600_000, "patience with a change"),
	...phaseParams({ warmMs: 500, steadyMs: 4_000, recoverLimitMs: 15_000, intervalMs: 250 }),
};

export const smallGate = {
	trials: 12,
	everyMs: 200,
	breaks: "few",
	faultMs: 120,
	faultGapMs: 320,
	patienceMs: 800,
	warmMs: 250,
	steadyMs: 750,
	recoverLimitMs: 3_000,
	intervalMs: 250,
} as const;

export const largeGate = { trials: 400, everyMs: 100 };
