export const signals = [
	"response_p50_ms",
	"response_p99_ms",
	"error_pct",
	"ok_per_sec",
	"waiting_count",
] as const;

/** A quantity of one interval of one load. */
export type Signal = (typeof signals)[number];

/** On a signal of a load. */
export interface Threshold<Load extends string = string> {
	load: Load;
	signal: Signal;
	/** `below: 250` holds while the signal is under 250; `above` while it is over. One of the two. */
	is: "below" | "above";
	value: number;
}

/** On a gauge of the scenario's own, such as a consumer's lag. */
export interface GaugeThreshold {
	gauge: string;
	is: "below" | "above";
	value: number;
}
