import type { Chart } from "./chart.ts";
import type { Judged, JudgedSet, MetricSpec } from "./facts.ts";

/** What is concluded from facts; pure functions of them, each. */
export interface Judgement<F> {
	checks?: Record<string, Check<F>>;
	metrics?: Record<string, Metric<F>>;
	charts?: Record<string, Chart<F>>;
}

/**
 * `correctness` for anything counted, `performance` for anything timed. A count is required of every schedule, so that a
 * wrong one fails the run whatever the machine did; but for one that timing shapes, such as retries, or what was delivered
 * by a limit: that one fails it only where the run is valid.
 */
export type Check<F> = About<F> &
	(
		| { kind: "correctness"; shapedBy?: "timing"; judge(facts: F): JudgedSet }
		| { kind: "performance"; judge(facts: F): Judged }
	);

/** Which facts a check is about. */
export interface About<F> {
	/** Whether it is about these facts; without it, it is about all. One that is about no case of a run can't tell. */
	about?(facts: F): boolean;
}

export interface Metric<F> extends MetricSpec {
	/** Null where it does not exist. */
	measure: (facts: F) => number | null;
}
