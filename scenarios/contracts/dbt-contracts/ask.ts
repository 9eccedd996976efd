import { TransportError } from "faultline";
import { gateVerdict } from "./gate.ts";
import { readGate } from "./gate-run.ts";
import type { Tools } from "./trial.ts";

/** What the clients of a load can do, as far as a trial needs it. */
interface Database {
	query(text: string, values: undefined, signal: AbortSignal): Promise<Rows>;
	runAll(queries: { text: string }[], signal: AbortSignal): Promise<Rows>;
}

interface Rows {
	rows: Record<string, unknown>[];
}

interface Job {
	run(order: object, signal: AbortSignal): Promise<JobEnd>;
}

interface JobEnd {
	exitCode: number | null;
	signal: string | null;
	output: string;
	tookMs: number;
	limitReached: boolean;
}

/** A trial's tools, by the clients of a load. */
export function toolsOf(warehouse: Database, gate: Job): Tools {
	return {
		async transact(statements, signal) {
			const texts = ["begin", ...statements, "commit"];
			await warehouse.runAll(
				texts.map((text) => ({ text })),
				signal,
			);
		},
		rows: async (query, signal) => (await warehouse.query(query, undefined, signal)).rows,
		async gate(signal) {
			const end = await endOf(gate, signal);
			if (typeof end === "string") return { verdict: { kind: "none", reason: end }, laps: {} };
			if (end.limitReached)
				return { verdict: { kind: "none", reason: "the gate's own limit ended it" }, laps: {} };
			const { files, laps } = readGate(end);
			return { verdict: gateVerdict(end, files), laps };
		},
	};
}

/** Or why it has no end: whoever started it was killed, and it with them. One that could not be started is thrown. */
async function endOf(gate: Job, signal: AbortSignal): Promise<JobEnd | string> {
	try {
		return await gate.run({}, signal);
	} catch (error) {
		if (!(error instanceof TransportError) || !error.sent || signal.aborted) throw error;
		return `dbt was killed (${error.code})`;
	}
}
