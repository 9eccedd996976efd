export interface Probing {
	slots: number;
	/** Messages that a request stands for. */
	batch: number;
	/** Asks the sink to do as if it wrote so many; resolves with the end of that work by the sink's clock. */
	probe(count: number): Promise<number>;
}

/** Rounds of the slots that are measured: the first comes to idle slots, and is left out. */
const rounds = 5;
/** What holds a machine up for a moment makes a sink look slower than it is, and nothing makes it look quicker. */
const tries = 3;

/** What the sink takes of who asks it for as much as it can: messages per second, at the best of some tries. */
export async function measureCapacity(probing: Probing): Promise<number> {
	let best = 0;
	for (let n = 0; n < tries; n++) best = Math.max(best, await measureOnce(probing));
	return best;
}

async function measureOnce({ slots, batch, probe }: Probing): Promise<number> {
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
