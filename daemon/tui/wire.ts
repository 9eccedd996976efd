import type { ApiClient } from "../client/client.ts";

/** One event of a run, as `GET /runs/:id/events` streams it. */
export type RunEvent =
	ReturnType<ApiClient["events"]> extends AsyncGenerator<infer Event> ? Event : never;

/** A row of `GET /runs`. */
export type RunSummary = Awaited<ReturnType<ApiClient["runs"]>>[number];

export type FaultRecord = Extract<RunEvent, { type: "fault" }>["fault"];

/** A load of `GET /runs/:id/accepted`: its steady state in the run that was accepted, µs. */
export interface AcceptedLoad {
	name: string;
	case: string | null;
	response_us: Record<string, number | null>;
}

/** A row of `GET /faults`. */
export interface FaultInForce extends FaultRecord {
	/** Injected by a person: it can be healed alone. */
	byHand: boolean;
	/** Until its time limit. */
	healsInMs: number;
}

/** What `GET /faults` answers. */
export interface FaultsNow {
	faults: FaultInForce[];
	blocked: boolean;
}

/** What `POST /heal` answers. */
export interface HealedAll {
	healed: FaultRecord[];
	stoppedRuns: string[];
}

/** A row of `GET /faults/kinds`. */
export interface KindRow {
	kind: string;
	victim: string;
	/** The names that it can act on by hand now. */
	on: string[];
	/** Where there are none: why. */
	unavailable: string | null;
	params: KindParams;
}

/** The parts of a kind's JSON Schema that its parameters can be chosen by. */
export interface KindParams {
	properties?: Record<string, KindParam>;
	required?: string[];
	oneOf?: { required: string[] }[];
}

export interface KindParam {
	type?: string;
	minimum?: number;
	maximum?: number;
	examples?: (string | number | boolean)[];
	description?: string;
}

/** A row of `GET /scenarios`; a scenario whose file does not load has its error instead. */
export type ScenarioRow =
	| {
			name: string;
			title: string;
			question: string;
			guarded: boolean;
			needs: string[];
			lastVerdict: string | null;
	  }
	| { name: string; error: string };

/** A row of `GET /stack`. */
export interface Component {
	name: string;
	state: string;
	how: string | null;
	version: string | null;
	direct: string | null;
	tried: string | null;
	fix: string | null;
}
