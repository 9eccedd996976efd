import { isFinal, type RunDocument } from "./document.ts";

/** The record of a run whose daemon has ended before it did; one that came to its end is as it was. */
export function abandoned(document: RunDocument, endedAt: string): RunDocument {
	if (isFinal(document.state)) return document;
	const message = `the daemon ended while the run was ${document.state}`;
	return {
		...document,
		state: "crashed",
		verdict: "invalid",
		asExpected: false,
		reasons: [...document.reasons, { code: "crashed", message }],
		counts: "bounded",
		endedAt: document.endedAt ?? endedAt,
	};
}
