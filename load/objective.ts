import { FaultlineError } from "../base/errors.ts";
import { durationMs } from "./quantities.ts";
import type { LoadSummary } from "./summary.ts";

const signals = ["p50", "p90", "p99", "p99.9", "p99.99", "max", "mean", "errors"] as const;
type Signal = (typeof signals)[number];

/** What a load is held against: `p99<20ms` of the response time, or `errors<1%` of the operations due. */
export interface Objective {
	/** As it was written. */
	text: string;
	signal: Signal;
	/** In microseconds, or percent. */
	below: number;
}

export function parseObjective(text: string): Objective {
	const [, signal, limit] = /^([a-z0-9._]+)\s*<\s*(\S+)$/.exec(text.trim()) ?? [];
	const known = signals.find((name) => name === signal?.replace("_", "."));
	if (known === undefined || limit === undefined)
		throw new FaultlineError(
			"FLT_USAGE",
			`objective "${text}"`,
			`write SIGNAL<LIMIT, such as p99<20ms or errors<1%; signals: ${signals.join(", ")}`,
		);
	if (known !== "errors")
		return { text, signal: known, below: durationMs(limit, `the limit of "${text}"`) * 1000 };
	const percent = /^(\d+(?:\.\d+)?)%$/.exec(limit)?.[1];
	if (percent !== undefined) return { text, signal: known, below: Number(percent) };
	throw new FaultlineError("FLT_USAGE", `objective "${text}"`, "write errors<1%");
}

/**
 * Whether a load met the objective, and the sentence that says so. A latency that is a lower bound can miss the
 * objective but never meet it; so can one of a load without operations.
 */
export function judgeObjective(
	{ text, signal, below }: Objective,
	summary: LoadSummary,
): { met: boolean; message: string } {
	if (signal === "errors") {
		const bad = summary.due_count - summary.ok_count;
		const percent = summary.due_count === 0 ? null : (100 * bad) / summary.due_count;
		const seen = percent === null ? "no operation was due" : `${rounded(percent)} % were not ok`;
		return { met: percent !== null && percent < below, message: `${text}: ${seen}` };
	}
	const name = signal.replace(".", "_") as keyof LoadSummary["response_us"];
	const us = summary.response_us[name];
	if (us === null) return { met: false, message: `${text}: no operation ended` };
	const bound = summary.censored.includes(`response_us.${name}`);
	const seen = `${signal} was ${bound ? "at least " : ""}${rounded(us / 1000)} ms`;
	return { met: us < below && !bound, message: `${text}: ${seen}` };
}

function rounded(value: number): number {
	return Number(value.toPrecision(3));
}
