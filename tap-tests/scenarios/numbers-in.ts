/** The numbers of a message, in their order: what a test asks of it without holding its words. */
export function numbersIn(message: string | undefined): number[] {
	return [...(message ?? "").matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => Number(number));
}
