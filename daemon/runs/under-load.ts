import { setPriorityOfAll } from "../../base/priority.ts";
import { identify, type ProcessIdentity } from "../../base/process.ts";
import type { MachineUse } from "../record/machine.ts";
import { watchMachine } from "../watch/machine-use.ts";

/** The roots of what the loads go to, as they are when it is asked. */
interface Roots {
	/** Of what was started here: nobody else's priority is ours to change. */
	ours(): readonly ProcessIdentity[];
	/** Of all, what runs anyhow too. */
	all(): readonly ProcessIdentity[];
}

/**
 * What is done for a measurement while its loads run: the load and its target come before whatever else the machine
 * does, where that is allowed, and what else it does is watched.
 */
export class UnderLoad {
	readonly #hostPid: number | undefined;
	readonly #target: Roots;
	#since: (() => Promise<MachineUse | null>) | null = null;

	constructor(hostPid: number | undefined, target: Roots) {
		this.#hostPid = hostPid;
		this.#target = target;
	}

	async begin(): Promise<void> {
		await this.#prioritize(true);
		this.#since = await watchMachine(this.#target.all);
	}

	/** What the machine did since; null where it had not begun, or was ended before. Right any number of times. */
	async end(): Promise<MachineUse | null> {
		const since = this.#since;
		this.#since = null;
		if (since === null) return null;
		const use = await since();
		await this.#prioritize(false);
		return use;
	}

	async #prioritize(isMeasuring: boolean): Promise<void> {
		const host = this.#hostPid === undefined ? null : identify(this.#hostPid);
		await setPriorityOfAll(this.#target.ours(), "target", isMeasuring);
		if (host !== null) await setPriorityOfAll([host], "load", isMeasuring);
	}
}
