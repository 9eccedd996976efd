import { loadEntry } from "../base/catalog.ts";
import type { Arrival, ArrivalDefinition, Pacer } from "./arrival.ts";
import { checkParams } from "./check-params.ts";
import type { Window } from "./summary.ts";

/** An arrival with its parameters checked and applied: what the loop runs by. */
export type Schedule =
	| { shape: "open"; pacer: Pacer }
	| { shape: "closed"; thinkMs: number; operations: number };

const folder = new URL("./arrivals/", import.meta.url);

/** Whether what is due depends on the time from the load's zero, so that its phases can't be moved. */
export async function isTimed({ kind }: Pick<Arrival, "kind">): Promise<boolean> {
	const definition = await loadEntry<ArrivalDefinition<unknown>>(folder, kind, "arrival");
	return definition.shape === "open" && definition.timed;
}

/** Whether an open arrival has any operation in this window; the first after its begin is looked for by halving. */
export function isDueIn(pacer: Pacer, { fromMs, toMs }: Window): boolean {
	const isBefore = (n: number) => {
		const atMs = pacer(n);
		return atMs !== null && atMs < fromMs;
	};
	let first = 0;
	let last = 1;
	while (isBefore(last)) last *= 2;
	while (first < last) {
		const middle = Math.floor((first + last) / 2);
		if (isBefore(middle)) first = middle + 1;
		else last = middle;
	}
	const firstMs = pacer(first);
	return firstMs !== null && firstMs < toMs;
}

/** What an arrival that ends has from this time on, and when its last operation is due; null where that is nothing. */
export function leftFrom(pacer: Pacer, fromMs: number): { count: number; lastMs: number } | null {
	let count = 0;
	let lastMs = 0;
	for (let n = 0; ; n++) {
		const atMs = pacer(n);
		if (atMs === null) return count === 0 ? null : { count, lastMs };
		if (atMs >= fromMs) count++;
		lastMs = atMs;
	}
}

/** The schedule of an arrival; an unknown kind or a parameter out of bounds is refused. */
export async function scheduleOf(arrival: Arrival, seed: number): Promise<Schedule> {
	const { kind, ...params } = arrival;
	const definition = await loadEntry<ArrivalDefinition<typeof params>>(folder, kind, "arrival");
	checkParams(`arrival "${kind}"`, definition.params, params);
	switch (definition.shape) {
		case "open":
			return { shape: "open", pacer: definition.pacer(params, seed) };
		case "closed":
			return {
				shape: "closed",
				thinkMs: definition.thinkMs(params),
				operations: definition.operations?.(params) ?? Number.POSITIVE_INFINITY,
			};
		default:
			throw definition satisfies never;
	}
}
