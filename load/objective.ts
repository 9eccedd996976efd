import { FaultlineError } from "../base/errors.ts";
import { latenessMargin } from "./lateness.ts";
import { someDurationMs } from "./quantities.ts";
import type { LoadSummary } from "./summary.ts";

const signals = ["p50", "p90", "p99", "p99.9", "p99.99", "max", "mean", "errors"] as const;
type Signal = (typeof signals)[number];

/** Of the operations due, those that have to end ok for a signal to exist. */
const shareOf: Record<Exclude<Signal, "errors">, number> = {
	p50: 0.5,
	p90: 0.9,
	p99: 0.99,
	"p99.9": 0.999,
	"p99.99": 0.9999,
	// They hold every operation.
	max: 1,
	mean: 1,
};

/** What a load is held against: `p99<20ms` of the time to an ok end, or `errors<1%` of the operations due. */
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
		return { text, signal: known, below: someDurationMs(limit, `the limit of "${text}"`) * 1000 };
	const percent = /^(\d+(?:\.\d+)?)%$/.exec(limit)?.[1];
	if (percent === undefined)
		throw new FaultlineError("FLT_USAGE", `objective "${text}"`, "write errors<1%");
	const below = Number(percent);
	if (below > 0 && below <= 100) return { text, signal: known, below };
	throw new FaultlineError(
		"FLT_USAGE",
		`objective "${text}" ${below === 0 ? "can't be met" : "is always met"}`,
		"write a share above 0 % and up to 100 %, errors<0.001% for next to none",
	);
}

export interface Met {
	/** Null where it depends on how the generator's lateness is taken. */
	met: boolean | null;
	/** One that is missed by what did not end ok is missed whenever it was started: no late generator is to blame. */
	timed: boolean;
	/** The sentence that says so. */
	message: string;
}

/**
 * Whether a load met the objective. A latency is of the operations due: what did not end
 * ok is slower than any limit, however quickly it failed. One that a late generator decides is left open.
 */
export function judgeObjective({ text, signal, below }: Objective, summary: LoadSummary): Met {
	const { due_count, ok_count } = summary;
	if (due_count === 0) return { met: false, timed: true, message: `${text}: no operation was due` };
	const badCount = due_count - ok_count;
	const pctOf = (count: number) => (100 * count) / due_count;
	const bad = `${rounded(pctOf(badCount))} % were not ok`;
	// Of those that the generator was late for nobody knows how they would have ended, where the target refuses some.
	const isSome = badCount > 0 && ok_count > 0;
	const lateCount = isSome ? (summary.lateness?.late_count ?? 0) : 0;
	const least = Math.max(0, badCount - lateCount);
	const most = Math.min(due_count, badCount + lateCount);
	const openBy = (count: number): Met => ({
		met: null,
		timed: true,
		message: `${text}: ${bad}, and with a generator in time perhaps ${rounded(pctOf(count))} %`,
	});
	if (signal === "errors") {
		const met = pctOf(badCount) < below;
		const other = met ? most : least;
		if (pctOf(other) < below !== met) return openBy(other);
		return { met, timed: false, message: `${text}: ${bad}` };
	}
	const quantile = signal.replace(".", "_") as keyof LoadSummary["ok_within_us"];
	const us = summary.ok_within_us[quantile];
	const exists = (count: number) => (due_count - count) / due_count >= shareOf[signal];
	if (us === null) {
		if (exists(least)) return openBy(least);
		return { met: false, timed: false, message: `${text}: it has no ${signal}, for ${bad}` };
	}
	const told = us < below;
	if (told && !exists(most)) return openBy(most);
	const message = `${text}: ${signal} was ${rounded(us / 1000)} ms`;
	const otherUs = otherEnd(summary, quantile, us, told);
	if (otherUs < below === told) return { met: told, timed: true, message };
	const open = `${message}, and with a generator in time perhaps ${rounded(otherUs / 1000)} ms`;
	return { met: null, timed: true, message: open };
}

/** What it may have been with a generator in time: more where it is met, less where it is not. */
function otherEnd(
	{ lateness }: LoadSummary,
	quantile: keyof LoadSummary["ok_within_us"],
	us: number,
	isMet: boolean,
): number {
	if (lateness === null) return us;
	if (!isMet) return Math.max(0, us - latenessMargin * lateness.added_us);
	return lateness.at_most.ok_within_us[quantile] ?? us;
}

function rounded(value: number): number {
	return Number(value.toPrecision(3));
}
