import {
	type HttpClient,
	monotonicMs,
	OperationError,
	pause,
	TransportError,
	type Verdict,
} from "faultline";
import { type Proposal, subjectOf } from "./proposals.ts";
import type { Entry } from "./registered.ts";

type Api = Pick<HttpClient, "request">;

/** A proposal, and what the registry said of it. */
export type Asked = {
	n: number;
	verdict: Verdict;
	/** When it was answered, by the machine's monotonic clock. */
	atMs: number;
	/** How often it had to be asked. */
	tries: number;
};

/** Asks the registry for its verdict until it has one: that it is away is none. */
export async function propose(
	api: Api,
	{ n, rule, schema }: Proposal,
	askAgainMs: number,
	signal: AbortSignal,
): Promise<Asked> {
	const body = JSON.stringify({ schema: JSON.stringify(schema) });
	const path = `/subjects/${subjectOf(rule)}/versions`;
	for (let tries = 1; ; tries++) {
		const fromMs = monotonicMs();
		const answer = await api
			.request({ method: "POST", path, headers: json, body, signal })
			.catch((error: unknown) => {
				if (error instanceof TransportError && !signal.aborted) return null;
				throw signal.aborted ? new OperationError("unknown", "deadline") : error;
			});
		const atMs = monotonicMs();
		const timeMs = atMs - fromMs;
		if (answer?.status === 200) return { n, verdict: { kind: "passed", timeMs }, atMs, tries };
		if (answer?.status === 409) {
			const { message } = JSON.parse(answer.body) as { message: string };
			return { n, verdict: { kind: "blocked", message, timeMs }, atMs, tries };
		}
		if (answer !== null && answer.status < 500) {
			const message = `it answered ${answer.status}: ${answer.body.slice(0, 200)}`;
			return { n, verdict: { kind: "none", message }, atMs, tries };
		}
		await pause(askAgainMs, signal);
		if (signal.aborted) throw new OperationError("unknown", "deadline");
	}
}

const json = { "content-type": "application/json" };

/** What the registry has accepted after this id. */
export async function schemasAfter(api: Api, after: number, signal: AbortSignal): Promise<Entry[]> {
	const { status, body } = await api.request({ path: `/schemas?after=${after}`, signal });
	if (status !== 200) throw new Error(`the registry answered ${status}`);
	return JSON.parse(body) as Entry[];
}
