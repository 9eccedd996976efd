import type { MetricOutcome } from "../../../daemon/host/protocol.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { runDocument } from "../record/run-document.ts";

const metric = (given: Partial<MetricOutcome> & { name: string }): MetricOutcome => ({
	case: null,
	value: 0,
	unit: "count",
	direction: "lower",
	portability: "exact",
	censored: false,
	...given,
});

/** A run that is done and passed, with one metric of each portability. */
export function doneRun(
	{ seed = 1, lost = 0, amplification = 1.05 as number | null, p50Us = 10_000 } = {},
	more: Partial<RunDocument> = {},
): RunDocument {
	const params = { seed, size: "default", guard: "on" } as const;
	return runDocument({
		runId: `20260101T00000${seed}Z-echo-0001`,
		seed,
		params,
		state: "done",
		verdict: "passed",
		asExpected: true,
		metrics: [
			metric({ name: "rows_lost_count", value: lost }),
			metric({
				name: "retry_amplification",
				value: amplification,
				unit: "ratio",
				portability: "bounded",
			}),
			metric({
				name: "orders_steady_response_p50_us",
				value: p50Us,
				unit: "us",
				portability: "machine",
			}),
		],
		...more,
	});
}

export const accepting = { reason: "first", at: "2026-01-02T00:00:00.000Z" };
/** Five runs of five seeds, whose amplification goes from 1.01 to 1.05. */
export const fiveSeeds = [1, 2, 3, 4, 5].map((seed) =>
	doneRun({ seed, amplification: 1 + seed / 100 }),
);
