/**
 * Hands over what comes within `lingerMs` of the first at once and in its order, as a producer does that lingers; never in
 * the turn in which it came, for an operation may not end while it is issued.
 */
export function lingering<T>(lingerMs: number, handOver: (all: T[]) => void): (one: T) => void {
	let gathered: T[] = [];
	return (one) => {
		if (gathered.length === 0)
			setTimeout(() => {
				const all = gathered;
				gathered = [];
				handOver(all);
			}, lingerMs);
		gathered.push(one);
	};
}
