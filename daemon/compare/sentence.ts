import type { Outcome } from "../record/duet.ts";
import { type Estimate, pctOf } from "./estimate.ts";
import { pairsNeeded } from "./forecast.ts";

/**
 * One line for people: `p99 +10.0% [+2.7, +17.8], 10 pairs, noise 10%/pair — cannot tell; ~7 more pairs would detect
 * 10% four times in five.` The interval is not corrected for several looks or metrics.
 */
export function sentenceOf(name: string, estimate: Estimate | null, outcome: Outcome): string {
	if (estimate === null) return `${name} — ${wordsOf(outcome)}; too few pairs to tell any noise.`;
	const { meanLog, lowLog, highLog, pairs, sdLog } = estimate;
	const effect = `${signed(pctOf(meanLog))}% [${signed(pctOf(lowLog))}, ${signed(pctOf(highLog))}]`;
	const noise = `noise ${(100 * sdLog).toFixed(0)}%/pair`;
	const what = `${name} ${effect}, ${pairs} ${pairs === 1 ? "pair" : "pairs"}, ${noise}`;
	const told = `${what} — ${wordsOf(outcome)}`;
	return outcome === "cannot_tell" ? `${told}; ${outlook(estimate)}.` : `${told}.`;
}

function outlook(estimate: Estimate): string {
	const needed = pairsNeeded(estimate);
	if (needed === null) return "a thousand pairs would not detect 10% four times in five";
	const more = needed - estimate.pairs;
	if (more <= 0) return "these pairs would have detected 10% four times in five";
	return `~${more} more ${more === 1 ? "pair" : "pairs"} would detect 10% four times in five`;
}

export function wordsOf(outcome: Outcome): string {
	return outcome === "cannot_tell" ? "cannot tell" : outcome;
}

export function signed(value: number): string {
	const text = value.toFixed(1);
	return value < 0 || text.startsWith("-") ? text.replace(/^-(0\.0)$/, "+$1") : `+${text}`;
}
