import { TransportError } from "faultline";
import type { BatchResult } from "./job/run-batch.ts";

/** How one run of the job ended: with a result, or in the middle. */
export type JobEnd = { kind: "ended"; result: BatchResult } | { kind: "broken"; reason: string };

/** How the driver of jobs tells of a program's end. */
interface Ended {
	exitCode: number | null;
	signal: string | null;
	output: string;
	limitReached: boolean;
}

/** Runs it; a runner that was killed, and the job with it, is one of its ends. One that can't be started is thrown. */
export async function endOf(run: () => Promise<Ended>, signal: AbortSignal): Promise<JobEnd> {
	try {
		return readEnd(await run());
	} catch (error) {
		if (!(error instanceof TransportError) || !error.sent || signal.aborted) throw error;
		return { kind: "broken", reason: `killed (${error.code})` };
	}
}

/** What the job said in its last line of JSON; a run that broke has said none. */
export function readEnd({ exitCode, signal, output, limitReached }: Ended): JobEnd {
	const lines = output.trimEnd().split("\n");
	const said = lines.findLast((line) => line.startsWith('{"batch":'));
	if (said !== undefined && (exitCode === 0 || exitCode === 3))
		return { kind: "ended", result: JSON.parse(said) as BatchResult };
	const why = limitReached ? "its limit" : (signal ?? `exit ${exitCode}`);
	const error = lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "";
	return { kind: "broken", reason: `${why}: ${error.trim().slice(0, 200)}` };
}
