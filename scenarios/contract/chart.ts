/** One line of a chart. A `y` of null is a gap. */
export interface Series {
	label: string;
	points: readonly (readonly [x: number, y: number | null])[];
}

export interface Axis {
	/** With the unit: `lag, messages`. */
	label: string;
	/** Default linear. Points that are not above 0 have no place on a logarithmic axis, and are gaps there. */
	scale?: "linear" | "log";
}

/** What a person would rather see than read: lines, drawn in the report and kept as plain data with the record. */
export interface Chart<F> {
	title: string;
	x: Axis;
	y: Axis;
	/** Pure, and at most `seriesMax` lines of at most `pointsMax` points. */
	series(facts: F): readonly Series[];
}

/** More lines are not told apart, and more points not seen. */
export const seriesMax = 16;
export const pointsMax = 2_000;
