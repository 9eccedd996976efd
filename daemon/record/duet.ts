// What a duet is in a record: two variants that took turns, pair after pair.

/** What a comparison says of one metric, and of a whole run. */
export type Outcome = "regressed" | "improved" | "same" | "cannot_tell" | "missing";

/** A number of pairs at which the result is looked at, and the error that this look may spend. */
export interface Look {
	pairs: number;
	alpha: number;
}

export type Side = "a" | "b";

/** A turn of one side. It is paused from `toMs` until its next turn, and what was in flight then still belongs to it. */
export interface Turn {
	side: Side;
	fromMs: number;
	toMs: number;
}

/** One side's slices as a whole, for people. */
export interface SideSummary {
	okCount: number;
	errorCount: number;
	okPerSec: number;
	/** At `shownQuantiles`; null where nothing ended. */
	responseUs: (number | null)[];
}

/** What a duet says of one metric. */
export interface DuetMetric {
	name: string;
	role: Measure["role"];
	outcome: Outcome;
	/** Effect with its interval, the noise, and what it would take to tell, in a line. */
	sentence: string;
}

export interface DuetVerdict {
	outcome: Exclude<Outcome, "missing">;
	/** Why, in a line. */
	why: string;
	metrics: DuetMetric[];
}

/** One metric of one pair. */
export interface Measure {
	/** `orders.p50`, `mttr_ms`. */
	name: string;
	/** A gate decides the verdict; what is advisory is told, and fails nothing. */
	role: "gate" | "advisory";
	/** A change up to here does not matter, as a log ratio. */
	marginLog: number;
	/** How much worse B was, as a log ratio; null where there were too few samples to tell. */
	worseLog: number | null;
	/** False where there was nothing to hold, such as no errors on either side. */
	matters: boolean;
	/** The sides whose value is a lower bound: they had not recovered when they were given up. */
	censored: Side[];
}

/** What one load did on both sides, for people. */
export interface PairedLoad {
	name: string;
	a: SideSummary;
	b: SideSummary;
}

/** One pair: both sides of one session, or one run of each side after another. */
export interface Pair {
	index: number;
	/** Who began. */
	first: Side;
	startedAt: string;
	tookMs: number;
	/** Empty where the sides ran one after another. */
	turns: Turn[];
	loads: PairedLoad[];
	measures: Measure[];
	/** Correctness checks that failed, by side. */
	failed: Record<Side, string[]>;
	/** Share of the processor time that another guest of the machine took. */
	stealPct: number;
	/** Why the pair says nothing: a signal of the environment. Null where it counts. */
	dropped: string | null;
}

/** How a pair is measured. */
export type PairShape =
	/** In turns of one session: the plan without its faults. */
	| { kind: "turns"; warmMs: number; turnMs: number; turns: number }
	/** As whole runs, one after another: for what can't be cut into turns, such as recovery from faults. */
	| { kind: "whole" };

/** The sessions of a duet: how each goes, and after how many pairs they are judged. */
export interface DuetPlan {
	shape: PairShape;
	looks: readonly Look[];
}
