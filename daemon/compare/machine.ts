import type { MetricOutcome } from "../host/protocol.ts";
import type { RunDocument } from "../record/document.ts";
import { metricId } from "./baseline.ts";
import { pctOf } from "./estimate.ts";
import { type HistoryVerdict, judgeByHistory, nightsMin } from "./history.ts";
import { type NightRecord, nightsOf } from "./nights.ts";
import { signed } from "./sentence.ts";
import type { Judged } from "./sides.ts";
import { bodyMarginLog, tailMarginLog } from "./verdict.ts";

/** Below these, a difference is the clock's. */
const resolution = {
	s: 1e-3,
	ms: 1,
	us: 1,
	count: 1,
	ratio: 1e-6,
	pct: 1e-3,
	per_sec: 1e-3,
	bytes: 1,
	usd: 1e-6,
};

/** What does not matter of a metric: 5 % of a body, 10 % of a tail or of what happens once. */
export function marginLogOf({ name, unit }: Pick<MetricOutcome, "name" | "unit">): number {
	return unit === "per_sec" || /(^|_)p50(_|$)/.test(name) ? bodyMarginLog : tailMarginLog;
}

/** A `machine` metric against the nights of the same machine; what would tell, where they are too few. */
export function judgeMachine(
	run: RunDocument,
	metric: MetricOutcome,
	records: readonly NightRecord[],
): Judged {
	const tell = (outcome: Judged["outcome"], why: string) => ({ outcome, suspected: false, why });
	if (metric.value === null) return tell("missing", "the run has no value for it");
	if (run.timings.state === "late")
		return tell("cannot_tell", "not compared: the generator was late, or the host stood still");
	if (metric.censored) return tell("cannot_tell", "its value is only known to be at least this");
	const { nights, verdict, effect } = historyOf(run, { ...metric, value: metric.value }, records);
	if (effect === null)
		return tell(
			"cannot_tell",
			`${nights} of ${nightsMin} nights on this machine: ${nightsMin - nights} more would tell, or a duet of 5 to 20 pairs`,
		);
	const [worsePct, lowPct, highPct] = [effect.meanLog, effect.lowLog, effect.highLog].map(pctOf);
	const told = tell(
		verdict,
		`${signed(worsePct!)}% [${signed(lowPct!)}, ${signed(highPct!)}] against the mean of ${nights} nights, positive is worse${verdict === "cannot_tell" ? "; a duet of 5 to 20 pairs is sharper" : ""}`,
	);
	return { ...told, effect: { worsePct: worsePct!, lowPct: lowPct!, highPct: highPct! } };
}

/** The numbers of it: for whoever judges many metrics together. */
export function historyOf(
	run: RunDocument,
	metric: MetricOutcome & { value: number },
	records: readonly NightRecord[],
): HistoryVerdict {
	return judgeByHistory(
		{ value: metric.value, fingerprint: run.environment.fingerprint },
		nightsOf(records, run, metricId(metric)),
		{
			direction: metric.direction,
			marginLog: marginLogOf(metric),
			resolution: resolution[metric.unit],
		},
	);
}
