import { firstParams, type ParamValue } from "./kind-params.ts";
import type { KindRow } from "./wire.ts";

export const columns = ["kind", "on", "for"] as const;
export type Column = (typeof columns)[number];
export const forSteps: readonly number[] = [5_000, 15_000, 60_000, 300_000];

/** Where the choice of a fault stands. It is kept: the same again takes two keys. */
export interface Chooser {
	/** The one that up and down move in. */
	column: Column;
	kind: string | null;
	on: string | null;
	forMs: number;
	/** Kind → what the first of its numbers was set to. */
	amounts: Record<string, number>;
}

/** A choice, and what it is made from. */
export interface Choosing {
	chooser: Chooser;
	/** Those that can act here come first; empty until they were asked for. */
	kinds: KindRow[];
}

/** What Enter would inject. */
export interface Draft {
	row: KindRow;
	on: string | null;
	forMs: number;
	params: Record<string, ParamValue>;
	/** The parameter that + and - change. */
	amount: string | null;
	/** Why it can't be injected from here. */
	obstacle: string | null;
}

export function newChooser(): Chooser {
	return { column: "kind", kind: "latency", on: null, forMs: 15_000, amounts: {} };
}

/** The kinds in the order of the list: those that can act here first. */
export function inOrder(kinds: readonly KindRow[]): KindRow[] {
	const rank = (row: KindRow) => (obstacleOf(row) === null ? 0 : 1);
	return kinds.toSorted((a, b) => rank(a) - rank(b));
}

/** Null until the kinds are known. */
export function draftOf({ chooser, kinds }: Choosing): Draft | null {
	const row = kinds.find(({ kind }) => kind === chooser.kind) ?? kinds[0];
	if (row === undefined) return null;
	const { values } = firstParams(row.params);
	const params = { ...values };
	const amount = Object.keys(values).find((name) => typeof values[name] === "number") ?? null;
	const set = chooser.amounts[row.kind];
	if (amount !== null && set !== undefined) params[amount] = set;
	const on = row.on.find((name) => name === chooser.on) ?? row.on[0] ?? null;
	return { row, on, forMs: chooser.forMs, params, amount, obstacle: obstacleOf(row) };
}

/** Why this kind can't be injected from the dashboard now; null where it can. */
export function obstacleOf({ kind, on, unavailable, params }: KindRow): string | null {
	if (unavailable !== null) return `not here: ${unavailable}`;
	const { lacking } = firstParams(params);
	if (lacking.length === 0) return null;
	const given = lacking.map((name) => `-p ${name}=…`).join(" ");
	return `needs ${lacking.join(", ")}: faultline faults inject ${kind} --on ${on[0] ?? "…"} --for 15s ${given}`;
}
