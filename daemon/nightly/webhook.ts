import { pause } from "../../base/clock.ts";
import { codeOf, messageOf } from "../../base/errors.ts";
import { postJson, Refused } from "../outgoing/post-json.ts";

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
 * Posts the document, again after a while where that fails and may succeed, and gives up after the last try. Never rejects; of the URL
 * only its host is told, for the rest is often a secret.
 */
export async function deliver(
	url: string,
	document: object,
	{ signal, log, waitsMs = standardWaitsMs }: Delivery,
): Promise<boolean> {
	const to = URL.canParse(url) ? `webhook at ${new URL(url).host}` : "webhook, which is no URL,";
	for (let tried = 0; ; tried++) {
		const failure = await post(url, document, signal);
		if (failure === null) return true;
		const waitMs = waitsMs[tried];
		const isLast = waitMs === undefined || failure.isFinal || signal.aborted;
		log(`the ${to} did not take the summary: ${failure.why}${isLast ? "; it is given up" : ""}`);
		if (isLast) return false;
		await pause(waitMs, signal);
		if (signal.aborted) return false;
	}
}

type Failure = { why: string; isFinal: boolean };

async function post(url: string, document: object, signal: AbortSignal): Promise<Failure | null> {
	try {
		await postJson(url, {}, document, AbortSignal.any([signal, AbortSignal.timeout(tryMs)]));
		return null;
	} catch (error) {
		const why = codeOf(error) ?? messageOf(error).replaceAll(url, "its URL");
		return { why, isFinal: error instanceof Refused };
	}
}
