import { tooManyDropped } from "../compare/hygiene.ts";
import type { DuetPlan, DuetVerdict, Pair, Side } from "../record/duet.ts";
import { judgePairs, type NoiseOf } from "./verdict.ts";

export interface DuetOptions {
	plan: DuetPlan;
	noise: NoiseOf;
	/** Who begins the next session. */
	first(): Side;
	perform(index: number, first: Side): Promise<Pair>;
	say(message: string): void;
}

export interface DuetResult {
	pairs: Pair[];
	verdict: DuetVerdict;
}

/** Fewer say nothing of the share that is dropped. */
const droppedFrom = 5;

/**
 * Session after session until a look decides, the last look has been taken, or too many pairs were dropped. A pair is
 * dropped as a whole, and only for what the environment did.
 */
export async function duet(options: DuetOptions): Promise<DuetResult> {
	const { plan, noise, first, perform, say } = options;
	const pairs: Pair[] = [];
	for (;;) {
		const pair = await perform(pairs.length, first());
		pairs.push(pair);
		const tookS = (pair.tookMs / 1_000).toFixed(1);
		const told = pair.dropped === null ? "" : `, dropped: ${pair.dropped}`;
		say(`pair ${pairs.length}: ${tookS} s${told}`);
		const kept = pairs.filter(({ dropped }) => dropped === null);
		const { verdict, isFinal } = judgePairs(kept, plan.looks, noise);
		if (isFinal) return { pairs, verdict };
		const dropped = pairs.length - kept.length;
		if (pairs.length < droppedFrom || !tooManyDropped(dropped, pairs.length)) continue;
		const why = `${dropped} of ${pairs.length} pairs were dropped: this host is too restless to tell (${pair.dropped ?? "see the pairs"})`;
		return { pairs, verdict: { ...verdict, outcome: "cannot_tell", why } };
	}
}
