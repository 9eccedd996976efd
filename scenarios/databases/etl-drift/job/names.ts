/**
 * From 0 to 1: how alike two names are. Words count, whatever their order, however they are put together (`snake`, `camelCase`)
 * and shortened (`abbreviations`: `qty` is `quantity`); words that differ count by the pairs of letters that they share.
 */
export function nameScore(
	a: string,
	b: string,
	abbreviations: Readonly<Record<string, string>>,
): number {
	const [words, others] = [wordsOf(a, abbreviations), wordsOf(b, abbreviations)];
	if (words.length === 0 || others.length === 0) return 0;
	return (coverOf(words, others) + coverOf(others, words)) / 2;
}

function wordsOf(name: string, abbreviations: Readonly<Record<string, string>>): string[] {
	return name
		.replace(/([a-z\d])([A-Z])/g, "$1_$2")
		.toLowerCase()
		.split(/[^a-z\d]+/)
		.filter((word) => word !== "")
		.map((word) => (Object.hasOwn(abbreviations, word) ? abbreviations[word]! : word));
}

/** Each word by the one of the others that is most like it; a long word counts for more than a short one. */
function coverOf(words: readonly string[], others: readonly string[]): number {
	const letters = words.reduce((sum, word) => sum + word.length, 0);
	const shared = words.map(
		(word) => word.length * Math.max(...others.map((other) => alikeness(word, other))),
	);
	return shared.reduce((sum, one) => sum + one, 0) / letters;
}

/** Sørensen and Dice's coefficient over pairs of neighbouring letters. */
function alikeness(a: string, b: string): number {
	if (a === b) return 1;
	const pairs = pairsOf(a);
	const left = pairsOf(b);
	const all = pairs.length + left.length;
	if (all === 0) return 0;
	let shared = 0;
	for (const pair of pairs) {
		const at = left.indexOf(pair);
		if (at === -1) continue;
		left.splice(at, 1);
		shared++;
	}
	return (2 * shared) / all;
}

function pairsOf(word: string): string[] {
	return Array.from({ length: Math.max(0, word.length - 1) }, (_, i) => word.slice(i, i + 2));
}
