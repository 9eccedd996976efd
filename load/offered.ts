import type { LoadInterval } from "./report.ts";
import type { LoadSummary, Window } from "./summary.ts";
import type { LoadSpec } from "./work.ts";

const missedShareLimit = 0.01;
/** A queue that was gone at the end of one of the last so many intervals was a hiccup. */
const lastIntervals = 3;

/**
 * Why this window was not offered the rate that was planned: more than 1 % of the operations due in it were dropped, or
 * still waited at its end. Null where it was. A closed load offers no rate and misses none: nothing of it ever waits.
 */
export function missedOffer(
	summary: Pick<LoadSummary, "due_count" | "dropped_count" | "offered_per_sec">,
	intervals: readonly LoadInterval[],
	intervalMs: number,
	window: Window,
	{ inFlightMax, deadlineMs }: Pick<LoadSpec, "inFlightMax" | "deadlineMs">,
): string | null {
	const { due_count, dropped_count, offered_per_sec } = summary;
	const tooMany = (count: number) => count > missedShareLimit * due_count;
	const queue = queueAtLastEnds(intervals, intervalMs, window);
	const waiting = queue.length === lastIntervals && queue.every(tooMany) ? queue.at(-1)! : 0;
	const unstarted = Math.max(dropped_count, waiting);
	if (!tooMany(unstarted) || offered_per_sec === null) return null;
	const startedPerSec = (1 - unstarted / due_count) * offered_per_sec;
	return [
		`of ${due_count} operations due ${unstarted} did not start in time`,
		`${rounded(offered_per_sec)}/s were offered, ${rounded(startedPerSec)}/s started`,
		`at most ${inFlightMax} were in flight, each for up to ${deadlineMs} ms: take a lower rate, a higher inFlightMax, or a quicker target`,
	].join("; ");
}

/**
 * Why nothing that depends on this load's success means anything: of what was due in this window, nothing ended ok. With
 * the commonest error first, and what one of them said. Null where something did.
 */
export function nothingOk(
	summary: Pick<LoadSummary, "due_count" | "ok_count" | "errors" | "error_samples">,
): string | null {
	const { due_count, ok_count, errors, error_samples } = summary;
	if (ok_count > 0) return null;
	if (due_count === 0) return "no operation was due: give it a higher rate, or the phase a length";
	const codes = Object.entries(errors).sort(([, a], [, b]) => b - a);
	const none = `of ${due_count} operations due none succeeded`;
	if (codes.length === 0) return `${none}: none of them ended`;
	const [commonest] = codes[0]!;
	const sample = error_samples[commonest];
	const said = sample === undefined || sample === commonest ? "" : `; ${commonest} said: ${sample}`;
	return `${none}: ${codes.map(([code, count]) => `${code} ${count}`).join(", ")}${said}`;
}

/**
 * Why a load that must succeed was not there: of what was due in this window, less than the share it names ended ok.
 * Null where enough did, or where it names none.
 */
export function missedOk(
	summary: Pick<LoadSummary, "due_count" | "ok_count" | "offered_per_sec" | "errors">,
	{ okPctMin }: Pick<LoadSpec, "okPctMin">,
): string | null {
	const { due_count, ok_count, offered_per_sec, errors } = summary;
	if (okPctMin === undefined || due_count === 0 || offered_per_sec === null) return null;
	const okPct = (100 * ok_count) / due_count;
	if (okPct >= okPctMin) return null;
	const okPerSec = (ok_count / due_count) * offered_per_sec;
	const codes = Object.entries(errors).map(([code, count]) => `${code} ${count}`);
	return [
		`of ${due_count} operations due ${ok_count} succeeded (${okPct.toFixed(1)} %, at least ${okPctMin} % are needed)`,
		`${rounded(offered_per_sec)}/s were offered, ${rounded(okPerSec)}/s taken`,
		codes.length > 0 ? `the others: ${codes.join(", ")}` : "the others never ended",
	].join("; ");
}

/**
 * By how many operations the queue had grown since the window's begin, at the ends of its last whole intervals. An
 * operation that is dropped in the end waits here too; its dropping comes after the window.
 */
function queueAtLastEnds(
	intervals: readonly LoadInterval[],
	intervalMs: number,
	{ fromMs, toMs }: Window,
): number[] {
	const growth = new Map<number, number>();
	for (const { index, slices } of intervals) {
		if (index * intervalMs < fromMs || (index + 1) * intervalMs > toMs) continue;
		const here = slices.reduce((sum, { counts }) => sum + counts.due - counts.started, 0);
		growth.set(index, (growth.get(index) ?? 0) + here);
	}
	let queue = 0;
	const ends = [...growth]
		.sort(([a], [b]) => a - b)
		.map(([, grown]) => {
			queue += grown;
			return queue;
		});
	return ends.slice(-lastIntervals);
}

function rounded(perSec: number): number {
	return Number(perSec.toPrecision(3));
}
