import type { ApiClient } from "../api/client.ts";

/** One event of a run, as `GET /runs/:id/events` streams it. */
export type RunEvent =
	ReturnType<ApiClient["events"]> extends AsyncGenerator<infer Event> ? Event : never;

/** A row of `GET /runs`. */
export type RunSummary = Awaited<ReturnType<ApiClient["runs"]>>[number];

export type FaultRecord = Extract<RunEvent, { type: "fault" }>["fault"];

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
