import { type Facts, loadFacts } from "faultline";
import type { LagAt, Observed } from "./conclude.ts";
import { total } from "./lag.ts";
import type { P } from "./params.ts";
import type { Finding } from "./recommend.ts";

export type Sent = { partitions: { count: number; sum: number }[] };
export type CaseFacts = Facts<P, Observed, Sent>;

/** The looks at the lag in steady state. */
function steadyLags({ phases, observed }: CaseFacts): LagAt[] {
	const steady = phases.find(({ name }) => name === "steady");
	if (steady === undefined) return [];
	return observed.lags.filter(({ atMs }) => atMs >= steady.fromMs && atMs <= steady.toMs);
}

/** Average and greatest lag over all partitions, in messages. */
export function lagCounts(facts: CaseFacts): { avg: number; max: number } | null {
	const lags = steadyLags(facts).map(({ lag }) => total(lag));
	return lags.length === 0 ? null : { avg: total(lags) / lags.length, max: Math.max(...lags) };
}

/** Messages that the group took a second, between the first and the last look in steady state. */
export function throughputPerSec(facts: CaseFacts): number | null {
	const lags = steadyLags(facts);
	const [first, last] = [lags[0], lags.at(-1)];
	if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
	const taken = ({ ends, lag }: LagAt) => total(ends) - total(lag);
	return ((taken(last) - taken(first)) * 1_000) / (last.atMs - first.atMs);
}

/** Of what arrived at the worst partition, the share that is left at the end of the drain. */
export function leftPct({ observed }: CaseFacts): number {
	return Math.max(
		...observed.partitions.map(({ end, position }) =>
			end === 0 ? 0 : (100 * (end - position)) / end,
		),
	);
}

/**
 * Whether messages and consumers had the time that arithmetic gives them. On a machine that is busy elsewhere messages
 * are acknowledged late, and consumers that are to end work on until they hear of it.
 */
export function wasOnTime(facts: CaseFacts): boolean {
	const { params, phases, observed } = facts;
	const { p99 } = loadFacts(facts, "messages", "all").summary.response_us;
	const endMs = phases.at(-1)?.toMs ?? 0;
	const overtimeMs = (observed.lags.at(-1)?.atMs ?? 0) - (endMs + params.drainMs);
	return p99 !== null && p99 / 1_000 < params.drainMs / 2 && overtimeMs < params.drainMs;
}

export function findingOf(facts: CaseFacts): Finding {
	const { strategy, ratePerSec } = facts.params;
	return { strategy, ratePerSec, leftPct: leftPct(facts) };
}

/** From the crash of a consumer to the first message of its partitions that another one has processed. */
export function rebalanceMs({ faults, observed }: CaseFacts): number | null {
	const kill = faults.find(({ kind }) => kind === "kill");
	if (kill === undefined || kill.injectedMs === null) return null;
	const { on, injectedMs } = kill;
	const taken = observed.takeovers.filter(
		({ from, firstAtMs }) => from === on && firstAtMs > injectedMs,
	);
	return taken.length === 0
		? null
		: Math.min(...taken.map(({ firstAtMs }) => firstAtMs)) - injectedMs;
}
