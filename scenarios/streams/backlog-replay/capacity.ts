export interface Probing {
	slots: number;
	/** Messages that a request stands for. */
	batch: number;
	/** Asks the sink to do as if it wrote so many; resolves with the end of that work by the sink's clock. */
	probe(count: number): Promise<number>;
}

/** Rounds of the slots that are measured: the first comes to idle slots, and is left out. */
const rounds = 5;

/** What the sink takes of who asks it for as much as it can: messages per second. */
export async function measureCapacity({ slots, batch, probe }: Probing): Promise<number> {
	const ends: number[] = [];
	let left = slots * (rounds + 1);
	const ask = async () => {
		while (left-- > 0) ends.push(await probe(batch));
	};
	// Twice as many as there are slots: none of them waits for us.
	await Promise.all(Array.from({ length: 2 * slots }, ask));
	ends.sort((a, b) => a - b);
	return (1_000 * batch * (ends.length - slots)) / (ends.at(-1)! - ends[slots - 1]!);
}
