import type { FaultRecord } from "../../chaos/injection.ts";
import type { Facts, LoadFacts } from "../../scenarios/contract/facts.ts";
import type { Doubt } from "../host/corners.ts";
import type { Conclusions } from "../host/protocol.ts";
import type { PhaseRecord, Reason } from "./document.ts";
import type { MachineUse } from "./machine.ts";

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
