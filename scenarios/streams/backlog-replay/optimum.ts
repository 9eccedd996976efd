/** What a replay had to do, and what it could do it with. */
export interface Task {
	backlog: number;
	/** What is safe for the sink, less what live writes took of it: messages per second. */
	leftPerSec: number;
	/** While the sink was slow, in milliseconds from the replay's begin, and what was left then. */
	slow: { fromMs: number; toMs: number; leftPerSec: number } | null;
}

/** How long it takes who uses all that is left at every instant, and nothing more. */
export function optimumMs({ backlog, leftPerSec, slow }: Task): number {
	const alone = (1_000 * backlog) / leftPerSec;
	if (slow === null || slow.fromMs >= alone) return alone;
	const fromMs = Math.max(0, slow.fromMs);
	const before = (leftPerSec * fromMs) / 1_000;
	const slowly = fromMs + (1_000 * (backlog - before)) / slow.leftPerSec;
	if (slowly <= slow.toMs) return slowly;
	const during = (slow.leftPerSec * (slow.toMs - fromMs)) / 1_000;
	return slow.toMs + (1_000 * (backlog - before - during)) / leftPerSec;
}
