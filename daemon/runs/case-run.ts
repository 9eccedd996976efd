import type { Clock } from "../../base/clock.ts";
import type { FaultRecord } from "../../chaos/injection.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { Facts, LoadFacts } from "../../scenarios/facts.ts";
import type { ServiceId, Trial } from "../../scenarios/plan.ts";
import type { Limits, RunParams, Tolerance } from "../../scenarios/scenario.ts";
import type { ReceivedAlerts } from "../alerts/received.ts";
import type { RunHost } from "../host/channel.ts";
import type { Doubt } from "../host/corners.ts";
import type { Conclusions } from "../host/protocol.ts";
import type { PhaseRecord, Reason, RunState } from "./document.ts";
import type { EventLog } from "./events.ts";
import type { Interrupt } from "./interrupt.ts";
import type { MachineUse } from "./machine-use.ts";
import type { MeteredInterval } from "./meter.ts";
import type { RunStack } from "./stage.ts";
import type { Subject } from "./subjects.ts";

/** What a case is given by its run. */
export interface CaseRun {
	runId: string;
	/** A part of the run that is there beside another; null in any other run. */
	part: string | null;
	id: string | null;
	params: RunParams;
	/** What a trial of an exploration changes in the plan; null in any other run. */
	trial: Trial | null;
	scenarioFile: string;
	needs: readonly ServiceId[];
	limits: Limits;
	tolerates: readonly Tolerance[];
	host: RunHost;
	stack: RunStack;
	/** Subjects that outlive the case, by name; null where each case has its own. */
	kept: Map<string, Subject> | null;
	ledger: Ledger;
	interrupt: Interrupt;
	events: EventLog;
	clock: Clock;
	/** Resolves once the machine is calm, or will not be: before the first load of the run. */
	calm(): Promise<void>;
	/** Alerts from outside. */
	received: ReceivedAlerts;
	/** The run's zero, on that clock. */
	zeroNs: bigint;
	nowMs(): number;
	/** Sets the run's state; durable when it returns. */
	enter(state: RunState, caseId: string | null): void;
	keepInterval(interval: MeteredInterval): void;
}

/** What a case leaves for the record. */
export interface CaseResult extends Conclusions {
	phases: PhaseRecord[];
	faults: FaultRecord[];
	/** Of every case whose load began, however it ended. */
	loads: LoadFacts[];
	facts: Facts | null;
	/** What the generator's lateness leaves open of the facts. */
	doubt: Doubt | null;
	/** What the machine did while its loads ran; null where they did not, or nobody knows. */
	use: MachineUse | null;
	/** Why its timings are not to be compared, in words; empty where they are. */
	late: string[];
	/** What speaks against the run and was seen on the way, by the watches and by whoever noticed. */
	noticed: Reason[];
}

export function noResult(): CaseResult {
	return {
		phases: [],
		faults: [],
		loads: [],
		facts: null,
		doubt: null,
		late: [],
		use: null,
		checks: [],
		metrics: [],
		charts: [],
		noticed: [],
	};
}
