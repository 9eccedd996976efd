import { loadEntry } from "../base/catalog.ts";
import type { Arrival, ArrivalDefinition, Pacer } from "./arrival.ts";
import { checkParams } from "./check-params.ts";

/** An arrival with its parameters checked and applied: what the loop runs by. */
export type Schedule = { shape: "open"; pacer: Pacer } | { shape: "closed"; thinkMs: number };

const folder = new URL("./arrivals/", import.meta.url);

/** Whether what is due depends on the time from the load's zero, so that its phases can't be moved. */
export async function isTimed({ kind }: Pick<Arrival, "kind">): Promise<boolean> {
	const definition = await loadEntry<ArrivalDefinition<unknown>>(folder, kind, "arrival");
	return definition.shape === "open" && definition.timed;
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
			return { shape: "closed", thinkMs: definition.thinkMs(params) };
		default:
			throw definition satisfies never;
	}
}
