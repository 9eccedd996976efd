/** How the rows of a table differ from those that should be there, by key. */
export type Diff = {
	rowCount: number;
	/** Not there. */
	lostCount: number;
	/** There, though nothing of that key should be: never was, or came back after it was deleted. */
	foreignCount: number;
	/** More than once. */
	doubledCount: number;
	/** There, with other cells. */
	staleCount: number;
	/** The first that is wrong, in words. */
	first: string | null;
};

/** `text` is a row's, with its key; both sides say it alike. */
export function diffRows<R>(
	found: Iterable<R>,
	wanted: Iterable<R>,
	{ key, text }: { key: (row: R) => string; text: (row: R) => string },
): Diff {
	const left = new Map<string, string>();
	for (const row of wanted) left.set(key(row), text(row));
	const diff: Diff = {
		rowCount: 0,
		lostCount: 0,
		foreignCount: 0,
		doubledCount: 0,
		staleCount: 0,
		first: null,
	};
	const seen = new Set<string>();
	for (const row of found) {
		const id = key(row);
		diff.rowCount += 1;
		const should = left.get(id);
		if (seen.has(id)) {
			diff.doubledCount += 1;
			diff.first ??= `${id} is there more than once`;
		} else if (should === undefined) {
			diff.foreignCount += 1;
			diff.first ??= `${id} is there and should not be: ${shown(text(row))}`;
		} else if (should !== text(row)) {
			diff.staleCount += 1;
			diff.first ??= `${id} is ${shown(text(row))} and should be ${shown(should)}`;
		}
		seen.add(id);
	}
	for (const id of left.keys())
		if (!seen.has(id)) {
			diff.lostCount += 1;
			diff.first ??= `${id} is not there`;
		}
	return diff;
}

export function wrongCount({ lostCount, foreignCount, doubledCount, staleCount }: Diff): number {
	return lostCount + foreignCount + doubledCount + staleCount;
}

function shown(text: string): string {
	return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
