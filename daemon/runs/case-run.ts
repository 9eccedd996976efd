import type { Clock } from "../../base/clock.ts";
import type { ServiceId } from "../../base/services.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { Trial } from "../../scenarios/contract/plan.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { Limits } from "../../scenarios/contract/scenario.ts";
import type { Tolerance } from "../../scenarios/contract/tolerance.ts";
import type { ReceivedAlerts } from "../alerts/received.ts";
import type { RunHost } from "../host/channel.ts";
import type { RunState } from "../record/document.ts";
import type { EventLog } from "../record/events.ts";
import type { MeteredInterval } from "../record/interval.ts";
import type { RunStack } from "../stage/stage.ts";
import type { Subject } from "../stage/subjects.ts";
import type { Interrupt } from "../watch/interrupt.ts";

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
	/** Whether faults may break what Faultline has not started. */
	allowDestructive: boolean;
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
