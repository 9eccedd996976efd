import type { Look } from "../../record/duet.ts";
import { estimate, noiseOf } from "../estimate.ts";
import { type GateSeries, judgeSeries } from "../looks.ts";
import { bodyMarginLog, tailMarginLog } from "../verdict.ts";
import { inHalfTheTime, type MetricNoise, Nights, noiseOfP50, noiseOfP99 } from "./model.ts";

/** How often a single metric, judged once after so many pairs at 2.5 %, is called worse; in per cent. */
export function flaggedPct(
	noise: MetricNoise,
	{ pairs, shiftLog, replicates }: { pairs: number; shiftLog: number; replicates: number },
): number {
	const nights = new Nights(seedOf(`${pairs} ${shiftLog} ${noise.runSd}`));
	let flagged = 0;
	for (let i = 0; i < replicates; i++) {
		const history = noiseOf(nights.history(noise));
		const scale = nights.scale();
		const d = Array.from({ length: pairs }, () => nights.session(noise, scale, shiftLog));
		if (estimate(d, history)!.pWorse <= 0.025) flagged += 1;
	}
	return (100 * flagged) / replicates;
}

export type GateName = "p50" | "p99" | "throughput" | "errors";

/** Throughput swings as the p50 does, errors as the p99: the method says nothing of theirs. */
const gates: [name: GateName, noise: MetricNoise, marginLog: number][] = [
	["p50", inHalfTheTime(noiseOfP50), bodyMarginLog],
	["p99", inHalfTheTime(noiseOfP99), tailMarginLog],
	["throughput", inHalfTheTime(noiseOfP50), bodyMarginLog],
	["errors", inHalfTheTime(noiseOfP99), tailMarginLog],
];

export interface PipelineRates {
	/** Per gate, in per cent. */
	verdicts: Record<GateName, { regressed: number; same: number; cannot_tell: number }>;
	/** Any gate called worse that was not, in per cent. */
	anyFalsePct: number;
	meanPairs: number;
}

/** What the looks say in the end, where one gate has truly become worse by `shiftLog`, or none. */
export function pipelineRates(
	looks: readonly Look[],
	worse: { gate: GateName; shiftLog: number } | null,
	replicates: number,
	/** Of gates that swing otherwise than the model has it. */
	measured: { [Gate in GateName]?: MetricNoise } = {},
): PipelineRates {
	const nights = new Nights(seedOf(`${looks.length} ${worse?.gate} ${worse?.shiftLog}`));
	const pairsMax = looks.at(-1)!.pairs;
	const none = () => ({ regressed: 0, same: 0, cannot_tell: 0, improved: 0 });
	const counts = { p50: none(), p99: none(), throughput: none(), errors: none() };
	let anyFalse = 0;
	let pairs = 0;
	for (let i = 0; i < replicates; i++) {
		const scale = nights.scale();
		const series = gates.map(([name, modelled, marginLog]): GateSeries => {
			const noise = measured[name] ?? modelled;
			const shiftLog = worse?.gate === name ? worse.shiftLog : 0;
			const session = () => nights.session(noise, scale, shiftLog);
			const d = Array.from({ length: pairsMax }, session);
			return { name, marginLog, noise: noiseOf(nights.history(noise)), pairs: d };
		});
		const judged = judgeSeries(series, looks);
		pairs += judged.look!.pairs;
		for (const { name, verdict } of judged.gates) counts[name as GateName][verdict] += 1;
		const isFalse = ({ name, verdict }: { name: string; verdict: string }) =>
			verdict === "regressed" && name !== worse?.gate;
		if (judged.gates.some(isFalse)) anyFalse += 1;
	}
	const pct = (count: number) => (100 * count) / replicates;
	const verdicts = Object.fromEntries(
		Object.entries(counts).map(([name, { regressed, same, cannot_tell }]) => [
			name,
			{ regressed: pct(regressed), same: pct(same), cannot_tell: pct(cannot_tell) },
		]),
	) as PipelineRates["verdicts"];
	return { verdicts, anyFalsePct: pct(anyFalse), meanPairs: pairs / replicates };
}

/** Each cell draws numbers of its own, the same ones every time. */
function seedOf(text: string): number {
	let seed = 0;
	for (const character of text) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) >>> 0;
	return seed;
}
