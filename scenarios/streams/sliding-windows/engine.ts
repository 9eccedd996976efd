import type { Env, StreamEngine } from "../../subjects/streams/stream-engine.ts";
import type { P } from "./params.ts";

/** What is left of the state at the end, and what has become of the messages; from where it would be restored from. */
export type Left = {
	events: number;
	counted: number;
	repeated: number;
	late: number;
	/** Records of windows that are all closed and of ids that can't come again: they should be gone. */
	staleCount: number;
	stale: string[];
};

/** One way to count in windows. */
export type Engine = StreamEngine<P, Left>;

/** What the job is told, whatever it runs on. */
export function jobEnv(p: P): Env {
	return {
		DELAY_MS_MAX: p.delayMsMax,
		HORIZON_MS: p.horizonMs,
		SKEW_MS: p.skewMs,
		QUIET_LOOK_MS: p.quietLookMs,
	};
}
