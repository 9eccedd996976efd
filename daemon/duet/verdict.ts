import { estimate, type Noise } from "../compare/estimate.ts";
import { judgeSeries } from "../compare/looks.ts";
import { sentenceOf } from "../compare/sentence.ts";
import { judgeAdvisory } from "../compare/verdict.ts";
import type { DuetMetric, DuetVerdict, Look, Measure, Outcome, Pair } from "../record/duet.ts";

/** Noise of earlier A/A pairs of the same host, by metric. */
export type NoiseOf = (name: string) => Noise;

interface Series {
	name: string;
	role: Measure["role"];
	marginLog: number;
	noise: Noise;
	pairs: number[];
	/** What has no value for every pair can't be judged. */
	isWhole: boolean;
	/** Values that are lower bounds, of all. */
	censored: number;
}

/**
 * The verdict over the pairs that count, and whether it is final. Gates are judged at the looks; what is advisory is
 * told over all pairs. A correctness check that only B fails is a regression whatever the times.
 */
export function judgePairs(
	pairs: readonly Pair[],
	looks: readonly Look[],
	noise: NoiseOf,
): { verdict: DuetVerdict; isFinal: boolean } {
	const series = seriesOf(pairs, noise);
	const whole = series.filter(({ isWhole }) => isWhole);
	const judged = judgeSeries(
		whole.filter(({ role }) => role === "gate"),
		looks,
	);
	const gates = judged.gates.map(({ name, verdict, estimate }): DuetMetric => {
		const sentence = sentenceOf(name, estimate, verdict) + censoring(series, name);
		return { name, role: "gate", outcome: verdict, sentence };
	});
	const advisory = advisoryOf(
		whole.filter(({ role }) => role === "advisory"),
		judged.look?.alpha ?? looks[0]!.alpha,
	);
	const missing = series
		.filter(({ isWhole }) => !isWhole)
		.map(
			({ name, role }): DuetMetric => ({
				name,
				role,
				outcome: "missing",
				sentence: `${name} — a pair has too few operations to tell it; longer turns or a higher rate would.`,
			}),
		);
	const broken = onlyOfB(pairs);
	const outcome = broken.length > 0 ? "regressed" : overall(gates);
	const deciding = gates.find((gate) => gate.outcome === outcome);
	const why =
		broken.length > 0
			? `B fails ${broken.join(", ")}, which A passes`
			: (deciding?.sentence ?? "there is nothing that both sides could be compared by");
	return {
		verdict: { outcome, why, metrics: [...gates, ...advisory, ...missing] },
		// Without any gate the statistics have nothing to wait for.
		isFinal: broken.length > 0 || (pairs.length >= looks[0]!.pairs && judged.isFinal),
	};
}

function seriesOf(pairs: readonly Pair[], noise: NoiseOf): Series[] {
	const known = new Map<string, Measure[]>();
	for (const measure of pairs.flatMap(({ measures }) => measures))
		known.set(measure.name, [...(known.get(measure.name) ?? []), measure]);
	return [...known]
		.filter(([, measures]) => measures.some(({ matters }) => matters))
		.map(([name, measures]) => ({
			name,
			role: measures[0]!.role,
			marginLog: measures[0]!.marginLog,
			noise: noise(name),
			pairs: measures.flatMap(({ worseLog }) => worseLog ?? []),
			isWhole: measures.length === pairs.length && measures.every((one) => one.worseLog !== null),
			censored: measures.reduce((sum, { censored }) => sum + censored.length, 0),
		}));
}

function advisoryOf(series: readonly Series[], alpha: number): DuetMetric[] {
	const measured = series.map(({ pairs, noise, marginLog }) => ({
		marginLog,
		estimate: estimate(pairs, noise),
	}));
	const verdicts = judgeAdvisory(measured, alpha);
	return series.map(({ name }, i) => ({
		name,
		role: "advisory",
		outcome: verdicts[i]!,
		sentence: sentenceOf(name, measured[i]!.estimate, verdicts[i]!) + censoring(series, name),
	}));
}

function censoring(series: readonly Series[], name: string): string {
	const count = series.find((one) => one.name === name)?.censored ?? 0;
	return count === 0 ? "" : ` ${count} of its values are lower bounds.`;
}

function overall(gates: readonly DuetMetric[]): DuetVerdict["outcome"] {
	const some = (outcome: Outcome) => gates.some((gate) => gate.outcome === outcome);
	if (some("regressed")) return "regressed";
	if (gates.length === 0 || some("cannot_tell")) return "cannot_tell";
	return some("improved") ? "improved" : "same";
}

/** Correctness checks that B failed in every pair that counts, and A in none. */
function onlyOfB(pairs: readonly Pair[]): string[] {
	const [first] = pairs;
	if (first === undefined) return [];
	return first.failed.b.filter((check) =>
		pairs.every(({ failed }) => failed.b.includes(check) && !failed.a.includes(check)),
	);
}
