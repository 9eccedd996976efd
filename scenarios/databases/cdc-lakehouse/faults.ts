import { atStep, type FaultSpec, fault } from "faultline";
import type { CaptureStep } from "./capture/capture.ts";
import type { Break, On } from "./engine.ts";
import { engines } from "./engines.ts";
import type { P } from "./params.ts";

const linkMs = 300;

function killed(step: CaptureStep, lastsMs: number): Break {
	return {
		lastsMs,
		spec: (times) => atStep(fault("kill", "consumer", {}, times), { subject: "consumer", step }),
	};
}

/** The way to the tables breaks where a version is to be put, so that nobody knows whether it was; and the server goes. */
const storeBroken: readonly Break[] = [
	{
		lastsMs: linkMs,
		spec: (times) =>
			atStep(fault("reset", "store", {}, times), { subject: "consumer", step: "data-written" }),
	},
	{ lastsMs: 1_000, spec: (times) => fault("kill", "s3", {}, times) },
];

/** The way to the source breaks while the consumer is at that step. */
function cutOff(step: CaptureStep): Break {
	return {
		lastsMs: linkMs,
		spec: (times) =>
			atStep(fault("reset", "replication", {}, times), { subject: "consumer", step }),
	};
}

const slow: Break = {
	lastsMs: 2_000,
	spec: (times) => fault("latency", "replication", { latencyMs: 150 }, times),
};
const frozen: Break = {
	lastsMs: 1_500,
	spec: (times) => fault("freeze", "consumer", {}, times),
};

function breaksOf({ script, downMs, awayMs, engine, store }: P): Break[] {
	const { others } = engines[engine];
	switch (script) {
		case "few":
			return [
				killed("data-written", downMs),
				killed("first-table-committed", downMs),
				...others.few,
			];
		case "full":
			return [
				killed("data-written", downMs),
				killed("first-table-committed", downMs),
				killed("tables-committed", downMs),
				killed("acknowledged", downMs),
				cutOff("data-written"),
				slow,
				frozen,
				...others.full,
				...(store === "s3" ? storeBroken : []),
			];
		case "abandoned":
			return [killed("tables-committed", awayMs)];
		default:
			return script satisfies never;
	}
}

/** All of the script, one after another, so many times. */
export function faultsOf(p: P): FaultSpec<On>[] {
	let fromMs = 0;
	return Array.from({ length: p.rounds }, () => breaksOf(p))
		.flat()
		.map(({ lastsMs, spec }) => {
			const toMs = fromMs + lastsMs;
			const placed = spec({ fromMs, toMs });
			fromMs = toMs + p.apartMs;
			return placed;
		});
}
