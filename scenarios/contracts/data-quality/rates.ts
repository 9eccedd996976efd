import {
	type Chart,
	countOf,
	type Judgement,
	medianOf,
	msOf,
	type Proportion,
	proportionOf,
	shapedCount,
} from "faultline";
import { drifted } from "./anomalies/outside.ts";
import type { Times } from "./etl/take-batch.ts";
import type { ExpectedBatch, QualityFacts } from "./record.ts";
import { chanceToReject, tailsOf } from "./suite/statistics.ts";

// How often what is rejected: by kind and size of what is odd, with intervals, against what the suite states.

interface Rated {
	batch: ExpectedBatch;
	isRejected: boolean;
}

function ratedIn({ observed, expected }: QualityFacts): Rated[] {
	const verdicts = new Map(observed.receipts.map(({ batch, verdict }) => [batch, verdict.kind]));
	return expected.batches.flatMap((batch) => {
		const verdict = verdicts.get(batch.batch) ?? "none";
		return verdict === "none" ? [] : [{ batch, isRejected: verdict === "blocked" }];
	});
}

/** Those that are as they should be: rejected, they are false positives, by chance or not. */
const isSound = ({ batch: { truth, chance, kind } }: Rated) =>
	truth.kind === "harmless" || (chance !== null && kind !== drifted);

/** Of one kind and size of oddity: how many were rejected. */
type Cell = { kind: string; size: number; unit: string; rejected: Proportion };

/** By kind, and in each by size. */
export function cellsIn(facts: QualityFacts): Cell[] {
	const rated = ratedIn(facts);
	const byKind = Map.groupBy(rated, ({ batch }) => batch.kind);
	return [...byKind].sort().flatMap(([kind, of]) =>
		[...Map.groupBy(of, ({ batch }) => batch.size)]
			.sort(([a], [b]) => a - b)
			.map(([size, same]) => ({
				kind,
				size,
				unit: same[0]!.batch.unit,
				rejected: proportionOf(same.filter(({ isRejected }) => isRejected).length, same.length)!,
			})),
	);
}

/** Rarer than this, what was counted does not go with the rate that the suite states. */
const tooRare = 1e-5;

/** Everything as the suite states: of what is exact, all or nothing; by chance, as often as its arithmetic says. */
const ratesAsStated = {
	kind: "correctness" as const,
	judge(facts: QualityFacts) {
		const byChance = ratedIn(facts).flatMap((one) =>
			one.batch.chance === null ? [] : [{ ...one, chance: one.batch.chance }],
		);
		const count = byChance.filter(({ isRejected }) => isRejected).length;
		const chances = byChance.map(({ chance }) => chance);
		const stated = chances.reduce((a, b) => a + b, 0);
		const { atMost, atLeast } = tailsOf(chances, count);
		const ok = Math.min(atMost, atLeast) >= tooRare;
		return {
			over: byChance.length,
			ok,
			expected: { rejectedCount: stated, rarestAllowed: tooRare },
			actual: {
				rejectedCount: count,
				chanceOfSoFew: atMost,
				chanceOfSoMany: atLeast,
				cells: cellsIn(facts),
			},
			message: `of ${byChance.length} batches that only chance decides about ${count} were rejected, where the suite's own arithmetic says ${stated.toFixed(1)}${ok ? "" : ": that does not go together"}`,
		};
	},
};

const positives = (facts: QualityFacts) => share(ratedIn(facts).filter(isSound), true);
const negatives = (facts: QualityFacts) =>
	share(
		ratedIn(facts).filter((one) => !isSound(one)),
		false,
	);

function share(some: readonly Rated[], rejected: boolean): Proportion | null {
	return proportionOf(some.filter(({ isRejected }) => isRejected === rejected).length, some.length);
}

const exactPct = { unit: "pct", direction: "lower", portability: "exact" } as const;

const lap = (of: (times: NonNullable<Times>) => number) =>
	msOf<QualityFacts>(({ observed }) =>
		medianOf(observed.receipts.flatMap(({ ms }) => (ms === null ? [] : [of(ms)]))),
	);

function warmTimes({ observed }: QualityFacts): number[] {
	return observed.receipts.flatMap(({ interrupted, verdict }) =>
		interrupted.length > 0 || verdict.kind === "none" ? [] : [verdict.timeMs],
	);
}

/** Of the validator's time: its warm-up, the first batch, is not left out of the tail. */
function validateTimes({ observed }: QualityFacts): number[] {
	return observed.receipts.flatMap(({ ms }) => ms?.validate ?? []).toSorted((a, b) => a - b);
}

const ofRows = (unit: string) => unit === "pct of rows";

const detectionCurve: Chart<QualityFacts> = {
	title: "Rejected batches, by what is odd about them and how much of it",
	x: { label: "rows that are odd, % of the batch (one row at 0)" },
	y: { label: "rejected, %" },
	series: (facts) => {
		const byKind = Map.groupBy(
			cellsIn(facts).filter(({ unit }) => ofRows(unit)),
			({ kind }) => kind,
		);
		// Lines that lie on each other say nothing alone: those of which every one was rejected, or none, are one each.
		const lines = new Map<string, { size: number; rejected: Proportion }[]>();
		for (const [kind, cells] of byKind) {
			const pcts = new Set(cells.map(({ rejected }) => rejected.pct));
			const always = pcts.size === 1 && (pcts.has(0) || pcts.has(100));
			const label = always ? (pcts.has(0) ? "never rejected" : "always rejected") : kind;
			lines.set(label, [...(lines.get(label) ?? []), ...cells]);
		}
		return [...lines].slice(0, linesMax).map(([label, cells]) => ({
			label: label.endsWith("rejected") ? `${label} (${cells.length} kinds and sizes)` : label,
			points: [...Map.groupBy(cells, ({ size }) => size)]
				.sort(([a], [b]) => a - b)
				.map(([size, same]): [number, number] => [size, pooled(same)]),
		}));
	},
};

const linesMax = 12;

function pooled(cells: readonly { rejected: Proportion }[]): number {
	const sum = (of: (rejected: Proportion) => number) =>
		cells.reduce((all, { rejected }) => all + of(rejected), 0);
	return (100 * sum(({ count }) => count)) / sum(({ of }) => of);
}

const driftCurve: Chart<QualityFacts> = {
	title: "A mean that drifts: how often it is found, against how far it has gone",
	x: { label: "drift, standard deviations" },
	y: { label: "rejected, %" },
	series: (facts) => {
		const sound = ratedIn(facts).filter(isSound);
		const cells: { size: number; rejected: Proportion | null }[] = [
			{ size: 0, rejected: share(sound, true) },
			...cellsIn(facts).filter(({ kind }) => kind === drifted),
		];
		const line = (label: string, of: (rejected: Proportion) => number) => ({
			label,
			points: cells.flatMap(({ size, rejected }): [number, number][] =>
				rejected === null ? [] : [[size, of(rejected)]],
			),
		});
		const rowCounts = facts.expected.batches
			.filter(({ kind }) => kind === drifted)
			.map(({ rowCount }) => rowCount);
		const rowCount = medianOf(rowCounts) ?? 0;
		const steps = Array.from({ length: 41 }, (_, i) => i / 40);
		return [
			line("rejected", ({ pct }) => pct),
			line("95 % interval, low", ({ lowPct }) => lowPct),
			line("95 % interval, high", ({ highPct }) => highPct),
			{
				label: `as the suite's arithmetic says, of ${rowCount} rows`,
				points: steps.map((sigmas) => [sigmas, 100 * chanceToReject(sigmas, rowCount)]),
			},
		];
	},
};

/** How often, and at what cost. */
export const rates = {
	checks: { "rates-as-stated": ratesAsStated },
	metrics: {
		false_positive_pct: { ...exactPct, measure: (facts) => positives(facts)?.pct ?? null },
		false_positive_high_pct: { ...exactPct, measure: (facts) => positives(facts)?.highPct ?? null },
		false_negative_pct: { ...exactPct, measure: (facts) => negatives(facts)?.pct ?? null },
		false_negative_high_pct: { ...exactPct, measure: (facts) => negatives(facts)?.highPct ?? null },
		batches_quarantined_count: countOf(({ observed }) => observed.quarantined.length),
		validation_p50_ms: lap(({ validate }) => validate),
		validation_p95_ms: msOf((facts) => {
			const times = validateTimes(facts);
			return times[Math.ceil(0.95 * times.length) - 1] ?? null;
		}),
		page_p50_ms: msOf(({ observed }) =>
			medianOf(
				observed.receipts.flatMap(({ ms, verdict }) =>
					ms !== null && verdict.kind === "blocked" ? [ms.page] : [],
				),
			),
		),
		stage_p50_ms: lap(({ stage }) => stage),
		decide_p50_ms: lap(({ decide }) => decide),
		warm_trial_p50_ms: msOf((facts) => medianOf(warmTimes(facts))),
		validator_start_ms: msOf(({ observed }) => observed.validatorStartMs),
		interrupted_count: shapedCount(({ observed }) =>
			observed.receipts.reduce((sum, { interrupted }) => sum + interrupted.length, 0),
		),
	},
	charts: { "detection-curve": detectionCurve, "drift-curve": driftCurve },
} satisfies Judgement<QualityFacts>;
