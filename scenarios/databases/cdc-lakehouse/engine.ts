import type { FaultSpec } from "faultline";
import type { P } from "./params.ts";

/** What faults can act on: the consumer, the ways that it takes, and whoever works for it. */
export type On = "consumer" | "replication" | "log" | "connect" | "store" | "s3";

/** Something that breaks, and how long it lasts. */
export interface Break {
	lastsMs: number;
	spec(times: { fromMs: number; toMs: number }): FaultSpec<On>;
}

export type EnginePaths = { readonly log: "kafka"; readonly connectors: "connect" };

/** One way to capture. */
export interface Engine {
	/** The program of the consumer, as seen from the scenario; it comes to the steps of `CaptureStep`. */
	file: string;
	env(p: P): Record<string, string | number>;
	/** The ways that it takes beside the one to the source. */
	paths: Partial<EnginePaths>;
	/** For how long the load runs before anything is judged, beside `warmMs`: somebody has to start first. */
	startMs: number;
	/** What breaks beside the consumer and its way to the source: at these steps in the short script, and in the full one. */
	others: { few: readonly Break[]; full: readonly Break[] };
}
