import { LatencyCounts } from "faultline/subject";
import type { WrittenAttempt } from "./oracle/attempts.ts";

/** What the processors committed in one stretch of the run. */
export type Stretch = {
	/** From the run's zero to its end. */
	toMs: number;
	/** Payments, by processor. */
	done: number[];
	/** Of the commits that ended in it; null where none did. */
	commitP50Ms: number | null;
	commitMaxMs: number | null;
};

export const stretchMs = 500;

/** The run in stretches, from the attempts of each processor. */
export function timelineOf(
	byProcessor: readonly (readonly WrittenAttempt[])[],
	zeroMs: number,
): Stretch[] {
	const ended = byProcessor.flatMap((attempts, processor) =>
		attempts.flatMap(({ committedAtMs, commitMs, offsets }) =>
			committedAtMs === null
				? []
				: [
						{
							stretch: Math.floor((committedAtMs - zeroMs) / stretchMs),
							processor,
							count: offsets.length,
							commitMs,
						},
					],
		),
	);
	const inStretch = Map.groupBy(ended, ({ stretch }) => stretch);
	const last = Math.max(-1, ...inStretch.keys());
	return Array.from({ length: last + 1 }, (_, n) => {
		const own = inStretch.get(n) ?? [];
		const commits = new LatencyCounts();
		for (const { commitMs } of own) if (commitMs !== null) commits.recordMs(commitMs);
		return {
			toMs: (n + 1) * stretchMs,
			done: byProcessor.map((_, processor) =>
				own.reduce((sum, one) => sum + (one.processor === processor ? one.count : 0), 0),
			),
			commitP50Ms: commits.atMs(50),
			commitMaxMs: commits.atMs(100),
		};
	});
}
