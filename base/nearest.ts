/** The known name closest to a mistyped one (Levenshtein), or null when nothing is close enough to be meant. */
export function nearest(name: string, known: Iterable<string>): string | null {
	// A name that somebody mistyped is short, and comparing takes the product of both lengths.
	if (name.length > lengthMax) return null;
	let best: string | null = null;
	let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
	for (const candidate of known) {
		const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}

const lengthMax = 100;

function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
			row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, substitution));
		}
		previous = row;
	}
	return previous[b.length]!;
}
