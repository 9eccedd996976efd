import type { TrialRecord } from "../record/document.ts";

/** What a search shows that found nothing: `told` is false where every trial was invalid, which proves nothing. */
export function notBroken(
	name: string,
	trials: readonly Pick<TrialRecord, "outcome" | "invalid">[],
): { told: boolean; line: string } {
	const invalid = trials.filter(({ outcome }) => outcome === "invalid");
	const last = invalid.at(-1);
	if (trials.length === 0) return { told: false, line: `nothing was tried of ${name}` };
	if (last === undefined) return { told: true, line: `nothing broke ${name}` };
	const why = `the last of them: ${last.invalid}`;
	return invalid.length < trials.length
		? {
				told: true,
				line: `nothing broke ${name}; ${invalid.length} of ${trials.length} trials say nothing, ${why}`,
			}
		: { told: false, line: `whether anything breaks ${name} is open: no trial says it, ${why}` };
}
