import type { FaultSpec } from "../../chaos/fault.ts";
import { type Grammar, timelineText } from "../../chaos/grammar.ts";
import type { Exploration, TrialRecord } from "../record/document.ts";

/** What one timeline did to the scenario. */
export interface TrialOutcome {
	/** The correctness checks that failed. */
	failed: string[];
	/** Why it says nothing; null where it does. */
	invalid: string | null;
}

export interface ExploreOptions {
	grammar: Grammar;
	seed: number;
	budgetMs: number;
	nowMs(): number;
	perform(faults: FaultSpec[]): Promise<TrialOutcome>;
	say(message: string): void;
}

const confirmations = 3;
/** More trials than any budget has time for. */
const trialsMax = 1_000_000;

/**
 * Tries random timelines of a grammar until the budget is spent or one breaks the scenario, shrinks that one to the
 * smallest that still does, and confirms it: whatever the budget, without any one of its faults it does not break. Broken is what fails a correctness check in 2 of 2 tries; 1 of 2 is
 * flaky, listed and not shrunk. The same seed tries the same timelines; what they do may differ.
 */
export async function explore(options: ExploreOptions): Promise<Exploration> {
	const { grammar, seed, budgetMs, nowMs, say } = options;
	// Loaded here: a daemon that explores nothing has no memory for it.
	const { default: fc } = await import("fast-check");
	const { timelines } = await import("./timelines.ts");
	const trials: TrialRecord[] = [];
	const startMs = nowMs();

	const tryNow = async (faults: FaultSpec[]): Promise<TrialRecord> => {
		const fromMs = nowMs();
		const { failed, invalid } = await options.perform(faults);
		const outcome = failed.length > 0 ? "failed" : invalid !== null ? "invalid" : "passed";
		const record: TrialRecord = { faults, outcome, failed, invalid, tookMs: nowMs() - fromMs };
		trials.push(record);
		const why = failed.length > 0 ? ` (${failed.join(", ")})` : invalid ? ` (${invalid})` : "";
		say(`trial ${trials.length}: ${timelineText(faults)}: ${outcome}${why}`);
		return record;
	};
	// One at a time: when the budget is spent the library goes on at once, whatever is still being tried.
	let underWay: Promise<unknown> = Promise.resolve();
	const once = (faults: FaultSpec[]): Promise<TrialRecord> => {
		const trial = underWay.then(() => tryNow(faults));
		underWay = trial.catch(() => {});
		return trial;
	};
	let searching = true;
	/** What was being tried when the budget was spent says no more. */
	const isOver = () => !searching;
	const flaky: FaultSpec[][] = [];
	/** Shrinking comes by what it has tried before. */
	const known = new Map<string, boolean>();
	const breaks = async (faults: FaultSpec[]): Promise<boolean> => {
		const key = JSON.stringify(faults);
		const before = known.get(key);
		if (before !== undefined) return before;
		const broken = await breaksTwice(faults);
		known.set(key, broken);
		return broken;
	};
	const breaksTwice = async (faults: FaultSpec[]): Promise<boolean> => {
		if ((await once(faults)).outcome !== "failed" || isOver()) return false;
		if ((await once(faults)).outcome === "failed") return true;
		flaky.push(faults);
		return false;
	};

	// What ends the run is no finding: the library would take it for one, and shrink it.
	let ended: { by: unknown } | null = null;
	const property = fc.asyncProperty(timelines(grammar), async (faults) => {
		if (ended !== null) return true;
		try {
			return !(await breaks(faults));
		} catch (error) {
			ended = { by: error };
			return false;
		}
	});
	const { counterexample } = await fc.check(property, {
		seed,
		numRuns: trialsMax,
		interruptAfterTimeLimit: budgetMs,
		endOnFailure: false,
	});
	searching = false;
	await underWay;
	if (ended !== null) throw (ended as { by: unknown }).by;
	let found = counterexample?.[0] ?? null;
	let confirmed = 0;
	if (found !== null) {
		// The budget may have ended before any of them was left out.
		searching = true;
		found = await withoutSpare(found, breaks);
		say(`smallest timeline that breaks it: ${timelineText(found)}`);
		for (let n = 0; n < confirmations; n++)
			if ((await once(found)).outcome === "failed") confirmed++;
	}
	const tookMs = nowMs() - startMs;
	const perMinute = (60_000 * trials.length) / tookMs;
	say(
		`${trials.length} trials in ${(tookMs / 1000).toFixed(1)} s, ${perMinute.toFixed(1)} a minute`,
	);
	return { seed, budgetMs, tookMs, trials, flaky, found, confirmed };
}

/** Without each fault that it breaks without: one by one, until none of them can be left out. */
async function withoutSpare(
	faults: FaultSpec[],
	breaks: (faults: FaultSpec[]) => Promise<boolean>,
): Promise<FaultSpec[]> {
	if (faults.length < 2) return faults;
	for (const [place] of faults.entries()) {
		const fewer = faults.toSpliced(place, 1);
		if (await breaks(fewer)) return withoutSpare(fewer, breaks);
	}
	return faults;
}
