import { dropReason } from "../compare/hygiene.ts";
import { standardMetrics } from "../judgement/standard-metrics.ts";
import type { CaseResult } from "../record/case-result.ts";
import type { Pair, Side } from "../record/duet.ts";
import { Case } from "../runs/case.ts";
import { performCase } from "../runs/cases.ts";
import type { RunWork } from "../runs/run-work.ts";
import type { Variant } from "../runs/variant.ts";
import { measuresOfRuns } from "./measures.ts";
import { other } from "./slices.ts";
import { cpuTicks, stealPct } from "./steal.ts";
import { disturbance, failedChecks, removeAll, withUrls } from "./variant.ts";

/**
 * One whole run of each side, one after the other, with the plan's faults: for what can't be cut into turns. Everything
 * of it is gone when this settles.
 */
export async function wholePair(
	work: RunWork,
	variants: Readonly<Record<Side, Variant>>,
	{ index, first }: { index: number; first: Side },
): Promise<Pair> {
	const [startedAt, startMs, ticks] = [new Date().toISOString(), work.nowMs(), cpuTicks()];
	const leading = await runOf(work, first, variants[first]);
	const following = await runOf(work, other[first], variants[other[first]]);
	const [a, b] = first === "a" ? [leading, following] : [following, leading];
	const stolenPct = stealPct(ticks, cpuTicks());
	return {
		index,
		first,
		startedAt,
		tookMs: work.nowMs() - startMs,
		stealPct: stolenPct,
		turns: [],
		loads: [],
		measures: measuresOfRuns(metricsOf(a), metricsOf(b)),
		failed: { a: failedChecks(a), b: failedChecks(b) },
		dropped: dropReason({
			stealPct: stolenPct,
			generator: disturbance(a) ?? disturbance(b),
		}),
	};
}

async function runOf(work: RunWork, side: Side, variant: Variant): Promise<CaseResult> {
	let current: Case | null = null;
	const host = await work.openHost(side, (event) => current?.hear(event));
	try {
		current = new Case({
			...work.caseRun(host),
			part: side,
			id: side,
			params: variant.params,
			stack: withUrls(work.stack, variant.urls),
		});
		work.follow(current);
		await performCase(work, current);
		return current.result;
	} finally {
		work.follow(null);
		await host.close();
		await removeAll(work, side, variant);
	}
}

function metricsOf({ facts, metrics }: CaseResult) {
	return facts === null ? metrics : [...standardMetrics(facts), ...metrics];
}
