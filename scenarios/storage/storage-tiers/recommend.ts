import type { Outcome } from "./comparison.ts";
import { breakEvenDays, type PolicyName, policyNames } from "./policies.ts";
import type { Prices } from "./prices.ts";

/** What is asked of a policy beside being cheap. */
export interface Demands {
	/** Against everything in hot. */
	savingsPct: number;
	/** Of the first byte, 95th percentile. */
	p95Ms: number;
}

/** A policy that costs so little more than the cheapest is as cheap: the simpler one is taken then. */
export const asCheapPct = 2;

/**
 * Of the policies that keep p95 within the bound and save enough, the cheapest; among those within 2 % of it the one that
 * is listed first, for it is simpler. Everything stays in hot where none does both.
 */
export function recommended(outcomes: readonly Outcome[], demands: Demands): PolicyName {
	const fits = policiesIn(outcomes).filter(
		({ p95Ms, savingsPct }) =>
			savingsPct >= demands.savingsPct && (p95Ms === null || p95Ms <= demands.p95Ms),
	);
	const least = Math.min(...fits.map(({ monthlyUsd }) => monthlyUsd));
	const asCheap = fits.find(({ monthlyUsd }) => monthlyUsd <= least * (1 + asCheapPct / 100));
	return asCheap?.name ?? "all-hot";
}

/** The recommendation in words, with the numbers that it follows from; Markdown. */
export function recommendation(
	outcomes: readonly Outcome[],
	demands: Demands,
	prices: Prices,
): string {
	const chosen = recommended(outcomes, demands);
	const least = outcomes.find(({ name }) => name === "optimum")!;
	const lines = policiesIn(outcomes).map((outcome) => {
		const { name, monthlyUsd, savingsPct } = outcome;
		return `| ${name} | ${usd(monthlyUsd)} | ${savingsPct.toFixed(1)} % | ${msText(outcome.p95Ms)} | ${coldPct(outcome).toFixed(1)} % | ${verdict(outcome, demands, chosen)} |`;
	});
	const sizes = [0.1, 1, 10, 100, 1_000].map((mib) => {
		const days = (["warm", "cold"] as const).map((to) =>
			daysText(breakEvenDays(to, { sizeBytes: mib * 2 ** 20, tier: "hot", heldDays: 0 }, prices)),
		);
		return `| ${mib} MiB | ${days.join(" | ")} |`;
	});
	return [
		chosen === "all-hot" && demands.savingsPct > 0
			? `**Leave everything in hot.** No policy saves ${demands.savingsPct} % with a p95 of at most ${msText(demands.p95Ms)}.`
			: `**Use \`${chosen}\`.** Of the policies that save at least ${demands.savingsPct} % with a p95 of at most ${msText(demands.p95Ms)} it is the cheapest, or within ${asCheapPct} % of it and simpler.`,
		"",
		"| policy | USD a month | saved | p95 first byte | reads that wait for a restore | |",
		"|---|---|---|---|---|---|",
		...lines,
		`| optimum, with hindsight | ${usd(least.monthlyUsd)} | ${least.savingsPct.toFixed(1)} % | ${msText(least.p95Ms)} | ${coldPct(least).toFixed(1)} % | nobody can do better |`,
		"",
		"A colder tier has paid for going there, and for one read there, after so many days without a read:",
		"",
		"| object | hot to warm | hot to cold |",
		"|---|---|---|",
		...sizes,
		"",
	].join("\n");
}

function policiesIn(outcomes: readonly Outcome[]): (Outcome & { name: PolicyName })[] {
	return policyNames.flatMap((name) =>
		outcomes.flatMap((outcome) => (outcome.name === name ? [{ ...outcome, name }] : [])),
	);
}

function verdict({ name, savingsPct, p95Ms }: Outcome, demands: Demands, chosen: string): string {
	if (name === chosen) return "recommended";
	if (p95Ms !== null && p95Ms > demands.p95Ms) return "too slow";
	if (savingsPct < demands.savingsPct) return "saves too little";
	return "dearer";
}

function coldPct({ reads: { hot, warm, cold } }: Outcome): number {
	const all = hot + warm + cold;
	return all === 0 ? 0 : (100 * cold) / all;
}

function usd(value: number): string {
	return value.toFixed(4);
}

function msText(ms: number | null): string {
	if (ms === null) return "none";
	return ms < 60_000 ? `${Math.round(ms)} ms` : `${(ms / 3_600_000).toFixed(1)} h`;
}

function daysText(days: number): string {
	return Number.isFinite(days) ? `${Math.ceil(days)}` : "never";
}
