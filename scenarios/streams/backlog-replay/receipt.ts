/** What the client of a live write has written down, on the machine's monotonic clock. */
export interface Receipt {
	intendedAtMs: number;
	endAtMs: number;
}

export function writeReceipt({ intendedAtMs, endAtMs }: Receipt): string {
	return `${intendedAtMs} ${endAtMs}`;
}

export function readReceipt(text: string): Receipt {
	const [intendedAtMs, endAtMs] = text.split(" ").map(Number);
	return { intendedAtMs: intendedAtMs!, endAtMs: endAtMs! };
}
