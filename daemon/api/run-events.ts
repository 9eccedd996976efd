import type { RunEvent } from "../record/events.ts";
import type { Run } from "../runs/run.ts";
import type { EventSource } from "./sse.ts";

/** The events of a run that goes on, after this id; its log is shared by all who read it. */
export function liveEvents({ events }: Pick<Run, "events">, afterId: number): EventSource {
	let last = afterId;
	let isOver = false;
	return {
		next() {
			const event = events.after(last);
			if (event === null) return null;
			last = event.id;
			isOver = event.type === "end";
			return event;
		},
		isOver: () => isOver,
		follow: (wake) => events.follow(Number.POSITIVE_INFINITY, wake),
	};
}

/** The events of runs that are over, read once for all who follow one at the same time. */
export class KeptEvents {
	readonly #read: (runId: string) => readonly RunEvent[];
	readonly #known = new Map<string, { events: readonly RunEvent[]; readers: number }>();

	constructor(read: (runId: string) => readonly RunEvent[]) {
		this.#read = read;
	}

	/** After this id. */
	source(runId: string, afterId: number): EventSource {
		const known = this.#known.get(runId) ?? { events: this.#read(runId), readers: 0 };
		this.#known.set(runId, known);
		known.readers += 1;
		const first = known.events.findIndex(({ id }) => id > afterId);
		let place = first === -1 ? known.events.length : first;
		return {
			next: () => known.events[place++] ?? null,
			isOver: () => place >= known.events.length,
			follow: () => () => {
				known.readers -= 1;
				if (known.readers === 0) this.#known.delete(runId);
			},
		};
	}
}
