import type { DiaryLine } from "./capture/diary.ts";

/** What became visible in a stretch of the run. */
export type Stretch = {
	toMs: number;
	changeCount: number;
	batchCount: number;
	/** The longest from commit to visible. */
	lagMaxMs: number | null;
};

export const stretchMs = 200;
const stretchesMax = 1_500;

/** The batches by when they became visible; `zeroMs` is the run's zero in milliseconds of the epoch. */
export function timelineOf(
	batches: readonly Extract<DiaryLine, { kind: "batch" }>[],
	zeroMs: number,
): Stretch[] {
	const stretches: Stretch[] = [];
	for (const { atMs, changeCount, lag } of batches) {
		const n = Math.floor((atMs - zeroMs) / stretchMs);
		if (n < 0 || n >= stretchesMax) continue;
		while (stretches.length <= n)
			stretches.push({
				toMs: (stretches.length + 1) * stretchMs,
				changeCount: 0,
				batchCount: 0,
				lagMaxMs: null,
			});
		const stretch = stretches[n]!;
		stretch.changeCount += changeCount;
		stretch.batchCount += 1;
		for (const [us] of lag) stretch.lagMaxMs = Math.max(stretch.lagMaxMs ?? 0, us / 1_000);
	}
	return stretches;
}
