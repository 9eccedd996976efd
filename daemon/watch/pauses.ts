import { type HostPause, overlaps, pauseText } from "../../load/host-pauses.ts";
import type { PhaseRecord } from "../record/document.ts";

/** The pauses of the host that were reported while a case ran. */
export class Pauses {
	readonly #zeroNs: bigint;
	readonly #pauses: HostPause[] = [];

	/** `zeroNs`: the run's zero. */
	constructor(zeroNs: bigint) {
		this.#zeroNs = zeroNs;
	}

	see(pause: HostPause): void {
		this.#pauses.push(pause);
	}

	/** Those that have a part in a phase after warm-up, in words: what was measured there is not the target's alone. */
	within(phases: readonly PhaseRecord[]): string[] {
		const ns = (ms: number) => this.#zeroNs + BigInt(Math.round(ms * 1e6));
		const measured = phases.filter(({ name }) => name !== "warming");
		return this.#pauses
			.filter((pause) => measured.some(({ fromMs, toMs }) => overlaps(pause, ns(fromMs), ns(toMs))))
			.map((pause) => pauseText(pause, this.#zeroNs));
	}
}
