import type { Ended, Line } from "../attempts.ts";
import type { ToldAttempt } from "./history.ts";

/** An attempt as its processor has written it down. */
export interface WrittenAttempt extends ToldAttempt {
	ended: Ended | null;
	/** All of its results may lie there: it had come to its commit. */
	written: boolean;
	/** From asking for the commit to its answer; null where none came. */
	commitMs: number | null;
	/** When that answer came, by the machine's monotonic clock. */
	committedAtMs: number | null;
}

/** The attempts in a processor's lines, and what is known of each: one that was killed has told no end. */
export function attemptsIn(lines: readonly Line[]): WrittenAttempt[] {
	const ofId = Map.groupBy(
		lines.filter((line) => "id" in line),
		({ id }) => id,
	);
	return lines.flatMap((line) => {
		if (!("begin" in line)) return [];
		const { begin: id, partition, atomic } = line;
		const own = ofId.get(id) ?? [];
		const offsets = own.find((one) => "offsets" in one)?.offsets ?? line.offsets;
		const when = (is: (line: Line) => boolean) => own.find(is)?.atMs ?? null;
		const askedMs = when((one) => "went" in one && one.went === "before-commit");
		const committedAtMs = when((one) => "came" in one && one.came === "after-commit");
		const ended = own.find((one) => "ended" in one)?.ended ?? null;
		const left = askedMs !== null && ended !== "fenced" ? "unknown" : "aborted";
		return [
			{
				id,
				partition,
				offsets,
				ended,
				written: when((one) => "came" in one && one.came === "before-commit") !== null,
				commitMs: askedMs === null || committedAtMs === null ? null : committedAtMs - askedMs,
				committedAtMs,
				// What an attempt has written that is not atomic is there, whatever became of its commit.
				told: committedAtMs !== null ? "committed" : atomic ? left : "unknown",
			},
		];
	});
}
