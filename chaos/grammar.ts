import type { Json } from "../base/json.ts";
import type { FaultKind, FaultSpec } from "./fault.ts";

/** A whole number from the first to the second, or a value that stays as it is. */
export type Choice = readonly [number, number] | string | number | boolean;

/** One kind that random timelines are made of. */
export interface GrammarKind {
	on: readonly string[];
	params?: Readonly<Record<string, Choice>>;
}

/** What random fault timelines are made of. */
export interface Grammar {
	kinds: { readonly [K in FaultKind]?: GrammarKind };
	/** Most faults in a timeline. */
	faultsMax: number;
	/** Every fault ends by then, from the start of `faulting`. */
	horizonMs: number;
}

/** The grammar of a timeline: its kinds where it has them, with its own parameters, at any times. */
export function grammarOf(faults: readonly FaultSpec[]): Grammar {
	const kinds: Record<string, { on: string[]; params: Record<string, Choice> }> = {};
	for (const { kind, on, params } of faults) {
		const known = kinds[kind] ?? { on: [], params: params as Record<string, Choice> };
		if (!known.on.includes(on)) known.on.push(on);
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
		.map(({ kind, on, params, fromMs, toMs }) => {
			const values = Object.entries(params as Record<string, Json>);
			const text = values.map(([name, value]) => ` ${name}=${value}`).join("");
			return `${kind} on ${on} ${fromMs}–${toMs} ms${text}`;
		})
		.join(", ");
}
