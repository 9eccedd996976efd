import type { Acts, ActsWhere, FaultSpec } from "../../chaos/fault.ts";
import type { FaultRecord, InjectionContext } from "../../chaos/injection.ts";
import { type LiveFault, LiveFaults } from "../../chaos/live-faults.ts";
import { Timeline } from "../../chaos/timeline.ts";
import type { EventLog } from "../record/events.ts";
import type { RunTarget } from "../stage/target.ts";

export interface CaseFaultsOptions extends Omit<InjectionContext, "onChange"> {
	target: RunTarget;
	events: EventLog;
	/** Where each record is put as it is planned. */
	records: FaultRecord[];
}

/** The faults of a case while its load runs: its timeline's, and those that people inject meanwhile. */
export class CaseFaults {
	readonly #options: CaseFaultsOptions;
	readonly #timeline: Timeline;
	readonly #byHand: LiveFaults;

	/** `faultingFromMs`: where `faulting` starts at the earliest. */
	constructor(options: CaseFaultsOptions, planned: readonly FaultSpec[], faultingFromMs: number) {
		this.#options = options;
		const { events, records } = options;
		const context: InjectionContext = {
			...options,
			onChange(fault) {
				if (!records.includes(fault)) records.push(fault);
				events.emit({ type: "fault", fault: structuredClone(fault) });
			},
		};
		this.#timeline = new Timeline(context, planned, faultingFromMs);
		this.#byHand = new LiveFaults(context);
	}

	/** `faulting` is near: its first faults are planned. */
	prepare(): void {
		this.#timeline.prepare();
	}

	/** Resolves when each fault of the timeline was healed at its end; rejects when one can't be planned or injected. */
	run(faultingFromMs: number): Promise<void> {
		return this.#timeline.run(faultingFromMs);
	}

	/** Whether a fault of this kind can act on this name here. */
	reaches(on: string, acts: Acts): boolean {
		return this.#options.target.reaches(on, acts);
	}

	/** The names that a fault of this kind can act on here. */
	namesFor(kind: ActsWhere): string[] {
		return this.#options.target.namesFor(kind);
	}

	/** Whether a person injected the fault of this id, and it is in force. */
	isByHand(id: string): boolean {
		return this.#byHand.has(id);
	}

	/** A fault that a person wants now; it ends with the load at the latest. */
	inject(fault: LiveFault): Promise<FaultRecord> {
		const message = `fault ${fault.kind} on ${fault.on} for ${fault.forMs} ms by request`;
		this.#options.events.emit({ type: "log", message });
		return this.#byHand.inject(fault);
	}

	/** Heals one by hand; null where there is none of this id. */
	heal(id: string): Promise<FaultRecord | null> {
		return this.#byHand.heal(id);
	}

	/** Takes back what is in force, and lets nothing new in; any number of times. */
	async end(): Promise<void> {
		await Promise.all([this.#timeline.healAll(), this.#byHand.healAll("end")]);
	}
}
