import type { Comparison } from "./comparison.ts";
import type { OtherCurve } from "./report.ts";

/** What a render host is asked for; the page goes to the file `out`, as a whole or not at all. */
export type RenderJob = { out: string } & (
	| { kind: "run"; folder: string; others: readonly OtherCurve[] }
	| {
			kind: "comparison";
			comparison: Comparison;
			/** Runs whose steady state is drawn, from their folders; and curves that are known. */
			runs: readonly { label: string; folder: string }[];
			curves: readonly OtherCurve[];
	  }
);

export type Rendered = { ok: true } | { ok: false; message: string };
