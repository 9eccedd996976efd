/** What was looked at, how much of it was wrong, and the first that was, in words. */
export type Finding = { count: number; wrongCount: number; first: string | null };

/** Looks at each; `wrongIn` says what is wrong with one, null where nothing is. */
export function findingOf<T>(all: Iterable<T>, wrongIn: (one: T) => string | null): Finding {
	const finding: Finding = { count: 0, wrongCount: 0, first: null };
	for (const one of all) {
		finding.count += 1;
		const wrong = wrongIn(one);
		if (wrong === null) continue;
		finding.wrongCount += 1;
		finding.first ??= wrong;
	}
	return finding;
}
