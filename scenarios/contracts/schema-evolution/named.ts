/** What goes by a name, and by others that it had before. */
interface Named {
	readonly name: string;
	readonly aliases?: readonly string[];
}

/** Of those that were written, the one that this is: of its name, else of one that it had before. */
export function sameNamed<T extends { readonly name: string }>(
	{ name, aliases = [] }: Named,
	written: readonly T[],
): T | undefined {
	return (
		written.find((other) => other.name === name) ??
		written.find((other) => aliases.includes(other.name))
	);
}
