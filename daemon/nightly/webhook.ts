import { pause } from "../../base/clock.ts";
import { codeOf, messageOf } from "../../base/errors.ts";

interface Delivery {
	/** Taken back when the daemon ends. */
	signal: AbortSignal;
	log(line: string): void;
	/** Between tries; a wait each. */
	waitsMs?: readonly number[];
}

const tryMs = 10_000;
const standardWaitsMs = [1_000, 10_000];

/**
 * Posts the document, again after a while where that fails, and gives up after the last try. Never rejects; of the URL
 * only its host is told, for the rest is often a secret.
 */
export async function deliver(
	url: string,
	document: object,
	{ signal, log, waitsMs = standardWaitsMs }: Delivery,
): Promise<boolean> {
	const to = `webhook at ${new URL(url).host}`;
	const body = JSON.stringify(document);
	for (let tried = 0; ; tried++) {
		const failure = await post(url, body, signal);
		if (failure === null) return true;
		const waitMs = waitsMs[tried];
		const isLast = waitMs === undefined || signal.aborted;
		log(`the ${to} did not take the summary: ${failure}${isLast ? "; it is given up" : ""}`);
		if (isLast) return false;
		await pause(waitMs, signal);
		if (signal.aborted) return false;
	}
}

async function post(url: string, body: string, signal: AbortSignal): Promise<string | null> {
	try {
		const { ok, status } = await fetch(url, {
			...{ method: "POST", headers: { "content-type": "application/json" }, body },
			// Elsewhere the secret would be told to somebody else.
			redirect: "error",
			signal: AbortSignal.any([signal, AbortSignal.timeout(tryMs)]),
		});
		return ok ? null : `it answered ${status}`;
	} catch (error) {
		const { cause = error } = error as { cause?: unknown };
		return codeOf(cause) ?? messageOf(cause).replaceAll(url, "its URL");
	}
}
