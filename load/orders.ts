import type { MessagePort } from "node:worker_threads";
import { msSince } from "../base/clock.ts";
import type { PaceChange } from "./dues.ts";
import type { PhaseStart } from "./recorder.ts";
import type { WorkerOrder } from "./report.ts";

/** What orders act upon once the load has begun. */
interface Steered {
	stop(atMs: number): void;
	abort(): void;
	steer(change: PaceChange): void;
	beginPhase(start: PhaseStart): void;
}

/** The orders that come in over a port, also before there is a loop to obey them. */
export class Orders {
	/** The load's zero; null when it was ended before it began. */
	readonly begun: Promise<bigint | null>;
	readonly #cancel = new AbortController();
	readonly #early: WorkerOrder[] = [];
	#obey: ((order: WorkerOrder) => void) | null = null;

	constructor(port: MessagePort) {
		const begun = Promise.withResolvers<bigint | null>();
		this.begun = begun.promise;
		port.on("message", (order: WorkerOrder) => {
			if (order.kind === "begin") {
				begun.resolve(order.zeroNs);
			} else if (this.#obey === null) {
				this.#early.push(order);
				if (order.kind === "steer" || order.kind === "phase") return;
				this.#cancel.abort();
				begun.resolve(null);
			} else {
				this.#obey(order);
			}
		});
	}

	/** Aborted by a stop or abort that comes while nothing runs yet. */
	get cancelled(): AbortSignal {
		return this.#cancel.signal;
	}

	/** From now on the loop obeys, also those that came between its zero and now. */
	steer(loop: Steered, zeroNs: bigint): void {
		this.#obey = (order) => {
			switch (order.kind) {
				case "begin":
					return;
				case "stop":
					loop.stop(msSince(zeroNs, order.atNs));
					return;
				case "abort":
					loop.abort();
					return;
				case "steer":
					loop.steer(order.change);
					return;
				case "phase":
					loop.beginPhase({ name: order.name, fromMs: msSince(zeroNs, order.fromNs) });
					return;
				default:
					order satisfies never;
			}
		};
		for (const order of this.#early) this.#obey(order);
	}
}
