import type { FaultRecord } from "../../chaos/injection.ts";
import type { AlertFacts } from "../../scenarios/contract/facts.ts";
import type { CheckOutcome } from "../host/protocol.ts";
import type { Reason, RunState, Verdict } from "./document.ts";
import type { IntervalView } from "./interval.ts";

/** What happens in a run, as it is streamed and kept. `ms` counts from the run's zero; ids count from 1. */
export type RunEvent = { id: number; ms: number } & RunEventBody;

export type RunEventBody =
	| { type: "state"; state: RunState; case: string | null }
	| { type: "phase"; phase: string; case: string | null }
	| { type: "fault"; fault: FaultRecord }
	| { type: "interval"; interval: IntervalView }
	| { type: "gauge"; gauge: string; value: number | null; case: string | null }
	| ({ type: "alert"; rule: string; case: string | null; origin: AlertFacts["origin"] } & (
			| { change: "fired" | "resolved" }
			/** Somebody took its last firing on. */
			| { change: "acknowledged"; by: string }
	  ))
	| { type: "check"; check: CheckOutcome }
	| { type: "log"; message: string }
	| { type: "end"; state: RunState; verdict: Verdict | null; reasons: Reason[] };

export type EventListener = (event: RunEvent) => void;

/** The events of one run: numbered, kept, and handed to whoever listens. A listener hears the earlier ones first. */
export class EventLog {
	readonly #events: RunEvent[] = [];
	readonly #listeners = new Set<EventListener>();
	readonly #keep: (event: RunEvent) => void;
	readonly #nowMs: () => number;

	constructor(options: { keep(event: RunEvent): void; nowMs(): number }) {
		this.#keep = options.keep;
		this.#nowMs = options.nowMs;
	}

	emit(body: RunEventBody): void {
		const event: RunEvent = { id: this.#events.length + 1, ms: this.#nowMs(), ...body };
		this.#events.push(event);
		this.#keep(event);
		for (const listener of this.#listeners) listener(event);
	}

	/** The first event after this one, or null. */
	after(id: number): RunEvent | null {
		return this.#events[id] ?? null;
	}

	/** Calls back for each event after `afterId`, past and to come, until the returned function is called. */
	follow(afterId: number, listener: EventListener): () => void {
		for (const event of this.#events) if (event.id > afterId) listener(event);
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
}
