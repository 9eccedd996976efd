import { latenessMargin } from "../../load/lateness.ts";
import type { LoadSummary } from "../../load/summary.ts";
import type { LoadSpec } from "../../load/work.ts";
import type { Facts } from "../../scenarios/contract/facts.ts";
import type { Doubt } from "../host/corners.ts";
import type { CaseResult } from "../record/case-result.ts";
import { starvedBy } from "../record/machine.ts";
import type { CaseWatch } from "../watch/case-watch.ts";
import { recoveryOf } from "./recovery.ts";

/** A generator that was late by more than this share of a client's patience may have made others of the outcomes. */
const patienceShare = 0.1;

type Patience = Record<string, Pick<LoadSpec, "deadlineMs" | "timeoutMs">>;

/** Nothing is open: of a generator that was in time, or of records that know nothing of its lateness. */
export function certain({ recovery }: Pick<Facts, "recovery">): Doubt {
	return {
		recovery: { early: recovery, late: recovery },
		straddlingCount: 0,
		beyond: null,
		starved: null,
	};
}

/** What the generator's lateness leaves open of a case. */
export function doubtOf(
	result: Pick<CaseResult, "faults" | "phases" | "use">,
	loads: Facts["loads"],
	specs: Patience,
	{ knowsSteady, recoveredMs }: Pick<CaseWatch, "knowsSteady" | "recoveredMs">,
): Doubt {
	return {
		recovery: {
			early: recoveryOf(result, knowsSteady, recoveredMs.best),
			late: recoveryOf(result, knowsSteady, recoveredMs.worst),
		},
		straddlingCount: straddlingCount(loads, result.faults),
		beyond: beyond(loads, specs),
		starved: starvedBy(result.use),
	};
}

/** By so much at most the generator was late for one of a load's operations, one way or the other. */
export function latenessMsOf({ lateness }: Pick<LoadSummary, "lateness">): number {
	return lateness === null ? 0 : Math.max(lateness.added_us, lateness.hidden_us) / 1_000;
}

function beyond(loads: Facts["loads"], specs: Patience): string | null {
	const worst = loads
		.filter(({ phase }) => phase !== "warming")
		.flatMap(({ name, phase, summary }) => {
			const { deadlineMs = Number.POSITIVE_INFINITY, timeoutMs = deadlineMs } = specs[name] ?? {};
			const latenessMs = latenessMsOf(summary);
			const limitMs = patienceShare * Math.min(timeoutMs, deadlineMs);
			return latenessMs > limitMs ? [{ name, phase, latenessMs, limitMs }] : [];
		})
		.sort((a, b) => b.latenessMs / b.limitMs - a.latenessMs / a.limitMs)[0];
	if (worst === undefined) return null;
	const { name, phase, latenessMs, limitMs } = worst;
	return `load ${name}, ${phase}: the generator was up to ${latenessMs.toFixed(1)} ms late, over the ${limitMs.toFixed(0)} ms that are a tenth of its clients' shortest time-out, so that it may have made other outcomes`;
}

function straddlingCount(
	loads: Facts["loads"],
	faults: readonly { injectedMs: number | null; healedMs: number | null }[],
): number {
	const edges = faults.flatMap(({ injectedMs, healedMs }) => [injectedMs, healedMs]);
	const count = edges.filter((atMs) => atMs !== null).length;
	const names = new Set(loads.map(({ name }) => name));
	return [...names].reduce((sum, name) => {
		const rows = loads.filter((load) => load.name === name && load.phase !== "warming");
		const perMs = Math.max(...rows.map(({ summary }) => summary.offered_per_sec ?? 0)) / 1_000;
		const lateMs = Math.max(...rows.map(({ summary }) => latenessMsOf(summary)));
		return sum + count * Math.ceil(perMs * latenessMargin * lateMs);
	}, 0);
}
