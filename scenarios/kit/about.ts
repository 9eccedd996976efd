import type { Check, Judgement } from "../contract/judgement.ts";

/** A piece whose checks are of those cases alone that they are about; its metrics and charts are of all. */
export function about<F, G extends F>(
	isAbout: (facts: G) => boolean,
	piece: Judgement<F>,
): Judgement<G> {
	const checks = Object.entries(piece.checks ?? {}).map(([id, check]): [string, Check<G>] => [
		id,
		{ ...check, about: isAbout },
	]);
	return { ...piece, checks: Object.fromEntries(checks) };
}
