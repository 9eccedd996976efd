import { isDeepStrictEqual } from "node:util";
import type { Json } from "../base/json.ts";
import { type FaultKind, type FaultSpec, faultName, meet, type SubjectStep } from "./fault.ts";

/** A whole number from the first to the second, or a value that stays as it is. */
export type Choice = readonly [number, number] | string | number | boolean;

/** One kind that random timelines are made of. */
export interface GrammarKind<On extends string = string> {
	on: readonly On[];
	params?: Readonly<Record<string, Choice>>;
	/** Steps of a subject's work, at one of which each strikes; without them, by the clock. */
	at?: readonly SubjectStep<On>[];
}

/** What random fault timelines are made of. */
export interface Grammar<On extends string = string> {
	kinds: { readonly [K in FaultKind]?: GrammarKind<On> };
	/** Most faults in a timeline. */
	faultsMax: number;
	/** Every fault ends by then, from the start of `faulting`. */
	horizonMs: number;
}

/** Times are whole steps: between two of them nothing new breaks, and shrinking has less to try. */
export const stepMs = 100;
/** A shorter fault is over before its effect can be proved. */
export const shortestSteps = 3;
/** Time for one fault to be healed before the next of the same place is planned, which happens ahead of its instant. */
export const apartMs = 300;

/** How many steps the horizon has; never fewer than the shortest fault. */
export function stepsOf({ horizonMs }: Grammar): number {
	return Math.max(shortestSteps, Math.floor(horizonMs / stepMs));
}

/** Whether two faults overlap, or follow each other too closely for the second to be planned on what the first left. */
export function tooClose(
	a: Pick<FaultSpec, "fromMs" | "toMs">,
	b: Pick<FaultSpec, "fromMs" | "toMs">,
): boolean {
	return a.fromMs < b.toMs + apartMs && b.fromMs < a.toMs + apartMs;
}

/** Without those too close to an earlier one in the same place: neither could be told from the other. */
export function apart<On extends string>(faults: FaultSpec<On>[]): FaultSpec<On>[] {
	return faults.filter((fault, place) =>
		faults.slice(0, place).every((other) => !meet(other, fault) || !tooClose(fault, other)),
	);
}

/** The grammar of a timeline: its kinds where it has them, with its own parameters, at any times. */
export function grammarOf(faults: readonly FaultSpec[]): Grammar {
	const kinds: Record<
		string,
		{ on: string[]; params: Record<string, Choice>; at?: SubjectStep[] }
	> = {};
	for (const { kind, on, params, at } of faults) {
		const known = kinds[kind] ?? { on: [], params: params as Record<string, Choice> };
		if (!known.on.includes(on)) known.on.push(on);
		if (at !== undefined) {
			known.at ??= [];
			if (!known.at.some((other) => isDeepStrictEqual(other, at))) known.at.push(at);
		}
		kinds[kind] = known;
	}
	return {
		kinds,
		faultsMax: faults.length + 1,
		horizonMs: Math.max(0, ...faults.map(({ toMs }) => toMs)),
	};
}

/** A timeline in a line. */
export function timelineText(faults: readonly FaultSpec[]): string {
	if (faults.length === 0) return "no fault";
	return faults
		.map((fault) => {
			const values = Object.entries(fault.params as Record<string, Json>);
			const text = values.map(([name, value]) => ` ${name}=${value}`).join("");
			return `${faultName(fault)} ${fault.fromMs}–${fault.toMs} ms${text}`;
		})
		.join(", ");
}
