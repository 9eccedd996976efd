import type { Features } from "./features.ts";

/** The topics of results, as the job names them. */
export const featuresTopic = "features";
export const lateTopic = "too-late";

/**
 * A record of the topic of features, whose key is `window's start/user`. The first value of a window is asserted; whatever
 * corrects it comes in two records, the old value taken back and the new one asserted. Versions count from 1, so that
 * records can be told apart in whatever order they are read.
 */
export type FeatureRecord = Features & {
	op: "assert" | "retract";
	version: number;
	user: string;
	startMs: number;
	endMs: number;
};

/** An activity that came when its window was let go of; its key is the activity's id. */
export interface LateRecord {
	id: string;
	user: string;
	atMs: number;
	/** How far the watermark was beyond the time until which its window could be corrected. */
	tooLateMs: number;
}

export function featureKey(startMs: number, user: string): string {
	return `${startMs}/${user}`;
}
