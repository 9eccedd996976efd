import { again, pause, shrink, type Truth, type Verdict } from "faultline";
import {
	type Change,
	changeSql,
	changeText,
	kindOfChange,
	simplerChanges,
	truthOf,
} from "./changes/changes.ts";
import { findingsText, type GateVerdict } from "./gate.ts";
import type { Laps } from "./gate-run.ts";
import { clearBuildSql, fenceSql, isPublishedSql, publishSql } from "./publish.ts";
import type { Shop } from "./source.ts";
import { sourceSql } from "./tables.ts";

/** What a trial is done with. */
export interface Tools {
	/** Runs statements in one transaction. */
	transact(statements: readonly string[], signal: AbortSignal): Promise<void>;
	/** The rows of one query. */
	rows(query: string, signal: AbortSignal): Promise<Record<string, unknown>[]>;
	/** Asks the gate once about the source as it is. */
	gate(signal: AbortSignal): Promise<Asked>;
}

/** One answer of the gate, or none. */
export interface Asked {
	verdict: GateVerdict;
	laps: Laps;
}

/** What is kept of a trial. */
export type TrialReceipt = {
	trial: number;
	change: string;
	text: string;
	truth: Truth;
	verdict: Verdict;
	/** Tries that came to no verdict, with the reason of each. */
	interrupted: string[];
	/** Of the try that came to one: dbt's start, and the rest of it. */
	startMs: number | null;
	warmMs: number | null;
	published: boolean;
	/** Of a violating change that passed, the smallest form that was looked for, and found. */
	smallest: string | null;
};

export interface Limits {
	/** So often the gate is asked about one change before the trial ends without a verdict. */
	triesMax: number;
	/** So often it is asked about smaller forms of a violating change that passed. */
	shrinkTriesMax: number;
}

/** One trial: the source anew with the change, the gate until it has a verdict, and what passed is published. */
export async function tryChange(
	trial: number,
	change: Change,
	shop: Shop,
	tools: Tools,
	limits: Limits,
	signal: AbortSignal,
): Promise<TrialReceipt> {
	// Settled before anybody asks the gate.
	const truth = truthOf(change);
	const { asked, interrupted, ms } = await askAbout(change, shop, tools, limits.triesMax, signal);
	const passed = asked?.verdict.kind === "passed";
	if (passed) await publish(trial, tools, signal);
	const slipped = passed && truth.kind === "violating";
	const smallest = slipped ? await smallestOf(change, shop, tools, limits, signal) : null;
	const { start: startMs = null, ...parts } = asked?.laps ?? {};
	const warmMs = Object.values(parts).reduce((sum, ms) => sum + ms, 0);
	return {
		trial,
		change: kindOfChange(change),
		text: changeText(change),
		truth,
		verdict: verdictOf(asked, interrupted, ms),
		interrupted,
		startMs,
		warmMs: startMs === null ? null : warmMs,
		published: passed,
		smallest,
	};
}

/** Its time is from the first question to the answer, with the tries that came to nothing. */
function verdictOf(asked: Asked | null, interrupted: readonly string[], timeMs: number): Verdict {
	switch (asked?.verdict.kind) {
		case "passed":
			return { kind: "passed", timeMs };
		case "blocked":
			return {
				kind: "blocked",
				message: findingsText(asked.verdict.findings).slice(0, messageLength),
				timeMs,
			};
		default:
			return { kind: "none", message: interrupted.at(-1) ?? "it was not asked" };
	}
}

const messageLength = 600;
const tryPauseMs = 500;
const tryPauseMaxMs = 5_000;

/** Asks until there is a verdict. Each try begins with nothing of the one before, and on the same source. */
async function askAbout(
	change: Change,
	shop: Shop,
	tools: Tools,
	triesMax: number,
	signal: AbortSignal,
): Promise<{ asked: Asked | null; interrupted: string[]; ms: number }> {
	const interrupted: string[] = [];
	const begin = [...clearBuildSql(), ...sourceSql(), ...changeSql(change, shop)];
	let beganMs: number | null = null;
	for (let tries = 0; tries < triesMax; tries++) {
		await again(() => tools.rows(fenceSql, signal), signal);
		await again(() => tools.transact(begin, signal), signal);
		beganMs ??= performance.now();
		const asked = await again(() => tools.gate(signal), signal);
		if (asked.verdict.kind !== "none")
			return { asked, interrupted, ms: performance.now() - beganMs };
		interrupted.push(asked.verdict.reason);
		// What broke it may last for a while, and where dbt is not there at all, a try takes no time.
		await pause(Math.min(tryPauseMs * 2 ** tries, tryPauseMaxMs), signal);
		signal.throwIfAborted();
	}
	return { asked: null, interrupted, ms: performance.now() - (beganMs ?? performance.now()) };
}

async function publish(trial: number, tools: Tools, signal: AbortSignal): Promise<void> {
	await again(async () => {
		const [row] = await tools.rows(isPublishedSql(trial), signal);
		if (row?.published !== true) await tools.transact(publishSql(trial), signal);
	}, signal);
}

/** Null where the tries ran out before a smaller form was found that passes, or none were to be made. */
async function smallestOf(
	change: Change,
	shop: Shop,
	tools: Tools,
	{ triesMax, shrinkTriesMax }: Limits,
	signal: AbortSignal,
): Promise<string | null> {
	if (shrinkTriesMax === 0) return null;
	const slips = async (smaller: Change) => {
		if (truthOf(smaller).kind !== "violating") return false;
		const { asked } = await askAbout(smaller, shop, tools, triesMax, signal);
		return asked?.verdict.kind === "passed";
	};
	const { smallest } = await shrink(change, simplerChanges, slips, shrinkTriesMax);
	return changeText(smallest);
}
