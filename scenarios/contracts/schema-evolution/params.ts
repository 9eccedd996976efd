import { ms, number, type Params, phaseParams } from "faultline";

export const properties = {
	changesPerSec: number(
		15,
		0.1,
		1_000,
		"changes of a schema that the registry is asked about, per second",
	),
	ratePerSec: number(500, 1, 20_000, "events written, per second"),
	pollMs: ms(50, 5, 10_000, "how often a writer asks for new schemas"),
	askAgainMs: ms(20, 1, 5_000, "wait until a registry that did not answer is asked again"),
	deadlineMs: ms(20_000, 500, 600_000, "patience with a verdict"),
	faultMs: ms(2_000, 100, 60_000, "how long a fault of the registry lasts"),
	faultGapMs: ms(2_000, 300, 60_000, "from one fault to the next"),
	slowMs: ms(100, 1, 10_000, "delay of a slow registry"),
	...phaseParams({ warmMs: 500, steadyMs: 3_000, recoverLimitMs: 10_000, intervalMs: 250 }),
};

export type P = Params<typeof properties>;
