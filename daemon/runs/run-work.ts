import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { HostEvent, RunHost } from "../host/channel.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import type { CaseResult } from "../record/case-result.ts";
import type { RunDocument, RunState } from "../record/document.ts";
import type { EventLog } from "../record/events.ts";
import type { RunStack } from "../stage/stage.ts";
import type { Interrupt } from "../watch/interrupt.ts";
import type { Case } from "./case.ts";
import type { CaseRun } from "./case-run.ts";

/** What a run lends to the mode that it is performed in: cases, an exploration, a duet. */
export interface RunWork {
	readonly document: RunDocument;
	/** As they were given; the record has them without what is secret. */
	readonly params: RunParams;
	readonly description: ScenarioDescription;
	readonly stack: RunStack;
	readonly interrupt: Interrupt;
	readonly events: EventLog;
	/** What goes into the record at the end. */
	readonly results: CaseResult[];
	nowMs(): number;
	log(message: string): void;
	/** Sets the run's state; durable when it returns. */
	enter(state: RunState, caseId: string | null): void;
	/** The case that is asked for faults, pace and health from now on. */
	follow(current: Case | null): void;
	/** A run host that has opened the scenario. Whoever opens it closes it. */
	openHost(part: string | null, onEvent: (event: HostEvent) => void): Promise<RunHost>;
	/** What all cases of the run have in common. */
	caseRun(host: RunHost): CaseRun;
}
