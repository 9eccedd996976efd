import { headers } from "./headers.ts";

/** Rounds of the store's slots that its capacity is measured over: the first comes to idle slots, and is left out. */
const rounds = 4;

/** What the store takes of who asks it for as much as it can: events per second, past every proxy. */
export async function measureCapacity(
	store: string,
	slots: number,
	signal: AbortSignal,
): Promise<number> {
	const ends: number[] = [];
	let left = slots * (rounds + 1);
	const ask = async () => {
		while (left-- > 0) {
			const response = await fetch(`${store}/probe`, { method: "POST", signal });
			const { endMs } = (await response.json()) as { endMs: number };
			ends.push(endMs);
		}
	};
	// Twice as many as there are slots: none of them waits for us.
	await Promise.all(Array.from({ length: 2 * slots }, ask));
	ends.sort((a, b) => a - b);
	return (1_000 * (ends.length - slots)) / (ends.at(-1)! - ends[slots - 1]!);
}

const refusals = 300;
const atOnce = 4;

/** Processor time of the service for a request that it refuses, in ms: none of these can be answered in time. */
export async function measureRefusal(ingest: string, signal: AbortSignal): Promise<number> {
	const usedUs = async () => {
		const response = await fetch(`${ingest}/cost`, { signal });
		const { processorUs } = (await response.json()) as { processorUs: NodeJS.CpuUsage };
		return processorUs.user + processorUs.system;
	};
	const fromUs = await usedUs();
	let left = refusals;
	const ask = async () => {
		while (left-- > 0) {
			const response = await fetch(`${ingest}/events`, {
				method: "POST",
				headers: { "content-type": "application/json", [headers.deadlineMs]: "0" },
				body: "{}",
				signal,
			});
			await response.arrayBuffer();
		}
	};
	await Promise.all(Array.from({ length: atOnce }, ask));
	return ((await usedUs()) - fromUs) / 1_000 / refusals;
}
