import { type HttpClient, OperationError, pause, TransportError } from "faultline";
import type { Planned } from "./actions.ts";
import { contentOf, objectId } from "./content.ts";
import type { Tier } from "./tiers.ts";

/** What can be asked of the service; a part of the load's client. */
export type Api = Pick<HttpClient, "request">;

/** What a reader was given. */
export interface Given {
	version: number;
	tier: Tier;
	base64: string;
}

/** How many tries had no answer that counts: the connection ended, or the service could not do its part. */
export interface Met {
	interrupted: number;
}

/** Between two tries: a service that was killed is back in a moment, and a restore says itself how long it takes. */
const retryAfterMs = 20;

/** Has an action done, however often the service is killed meanwhile. Rejects with an `OperationError`. */
export async function actThrough(
	api: Api,
	seed: number,
	planned: Planned,
	signal: AbortSignal,
): Promise<Met> {
	const { object, ...action } = planned;
	const body = JSON.stringify(
		action.kind === "put"
			? { ...action, base64: contentOf(seed, object, action.version).toString("base64") }
			: action,
	);
	const path = `/objects/${objectId(object)}/actions`;
	for (let interrupted = 0; ; ) {
		const answer = await ask(api, "POST", path, signal, body);
		if (answer?.status === 200) return { interrupted };
		if (answer === null) interrupted += 1;
		if (answer !== null && isFinal(answer.status))
			throw new OperationError("fail", `http_${answer.status}`, answer.text);
		await pause(retryAfterMs, signal);
	}
}

/** Asks for no more room between steps; who is away does not hear it. */
export async function hurry(api: Api, signal: AbortSignal): Promise<void> {
	await ask(api, "POST", "/hurry", signal);
}

/**
 * Reads an object: what is in cold by the path to cold, after asking for a restore and waiting for it. Rejects with an
 * `OperationError`.
 */
export async function readThrough(
	{ api, cold }: { api: Api; cold: Api },
	object: number,
	signal: AbortSignal,
): Promise<Given & Met> {
	const path = `/objects/${objectId(object)}`;
	let from = api;
	for (let interrupted = 0; ; ) {
		const answer = await ask(from, "GET", path, signal);
		let waitMs = retryAfterMs;
		switch (answer?.status) {
			case undefined:
				interrupted += 1;
				break;
			case 200:
				return { ...(JSON.parse(answer!.text) as Given), interrupted };
			case 409: {
				from = cold;
				const restore = await ask(cold, "POST", `${path}/restore`, signal);
				if (restore !== null) waitMs = readyInMs(restore.text);
				break;
			}
			case 425:
				from = cold;
				waitMs = readyInMs(answer!.text);
				break;
			default:
				if (isFinal(answer!.status))
					throw new OperationError("fail", `http_${answer!.status}`, answer!.text);
		}
		await pause(waitMs, signal);
	}
}

/** Null where nothing was answered, or that the service could not do its part: its own connections can end as well. */
async function ask(
	api: Api,
	method: "GET" | "POST",
	path: string,
	signal: AbortSignal,
	body?: string,
): Promise<{ status: number; text: string } | null> {
	if (signal.aborted) throw new OperationError("unknown", "deadline");
	try {
		const answer = await api.request({
			method,
			path,
			headers: { "content-type": "application/json" },
			body: body ?? "",
			signal,
		});
		return answer.status >= 500 ? null : { status: answer.status, text: answer.body };
	} catch (error) {
		if (!(error instanceof TransportError)) throw error;
		if (signal.aborted) throw new OperationError("unknown", "deadline");
		return null;
	}
}

function readyInMs(text: string): number {
	return (JSON.parse(text) as { readyInMs: number }).readyInMs;
}

/** A lost object stays lost; that a copy broke, or that an earlier action is not done, passes. */
function isFinal(status: number): boolean {
	return status === 410 || status === 404 || status === 400;
}
