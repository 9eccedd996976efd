/** How many, and the first ten of them by name. */
export type Found = { count: number; first: string[] };

/** Counts names and keeps the first of them. */
export class Names {
	readonly found: Found = { count: 0, first: [] };

	add(name: string): void {
		this.found.count++;
		if (this.found.first.length < 10) this.found.first.push(name);
	}
}

export function foundOf(names: ReadonlySet<string>): Found {
	return { count: names.size, first: [...names].slice(0, 10) };
}

/** The first of them in brackets, as a message ends with; nothing where there are none. */
export function namesOf({ first }: Found): string {
	return first.length === 0 ? "" : ` (${first.slice(0, 3).join(", ")})`;
}
