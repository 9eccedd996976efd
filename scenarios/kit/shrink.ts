/** What is left of a change that slipped through. */
export interface Shrunk<C> {
	smallest: C;
	/** How often the guard was asked. */
	triesCount: number;
	/** False where the tries ran out: there may be a smaller form. */
	done: boolean;
}

/**
 * The smallest form of `change` that still slips through: the first simpler one that does takes its place, until none
 * does or `triesMax` were tried. `simpler` gives simpler forms, the boldest first; each must be simpler than what it is
 * given, so that there is an end. `change` itself is taken to slip through.
 */
export async function shrink<C>(
	change: C,
	simpler: (change: C) => Iterable<C>,
	stillSlips: (change: C) => Promise<boolean>,
	triesMax: number,
): Promise<Shrunk<C>> {
	let smallest = change;
	let triesCount = 0;
	for (let found = true; found; ) {
		found = false;
		for (const candidate of simpler(smallest)) {
			if (triesCount === triesMax) return { smallest, triesCount, done: false };
			triesCount++;
			if (!(await stillSlips(candidate))) continue;
			smallest = candidate;
			found = true;
			break;
		}
	}
	return { smallest, triesCount, done: true };
}

/**
 * Simpler forms of a change that is made of parts: either half of them, then all but one, then all with one part made
 * simpler. No parts at all is not a change, and is not among them.
 */
export function* simplerParts<P>(
	parts: readonly P[],
	simplerPart: (part: P) => Iterable<P> = () => [],
): Generator<P[]> {
	const half = Math.ceil(parts.length / 2);
	if (parts.length > 2) {
		yield parts.slice(0, half);
		yield parts.slice(half);
	}
	if (parts.length > 1) for (const i of parts.keys()) yield parts.toSpliced(i, 1);
	for (const [i, part] of parts.entries())
		for (const simpler of simplerPart(part)) yield parts.with(i, simpler);
}
