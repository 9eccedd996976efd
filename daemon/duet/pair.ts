import type { Side, SideSummary, Turn } from "./slices.ts";

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
