/** What is left of a partition, or of several: counts by name, and the first ten names of what should be gone. */
export type NamedCounts = Record<string, number | string[]>;

const namesMax = 10;

/** What is left of partitions each of which says it for itself. `nothing` is what none of them says. */
export function leftTogether<Left extends NamedCounts>(
	parts: readonly Left[],
	nothing: Left,
): Left {
	const together: NamedCounts = { ...nothing };
	for (const part of parts)
		for (const name of Object.keys(nothing)) together[name] = added(together[name]!, part[name]!);
	return together as Left;
}

function added(before: number | string[], more: number | string[]): number | string[] {
	if (typeof before === "number" && typeof more === "number") return before + more;
	return [before, more].flat().map(String).slice(0, namesMax);
}
