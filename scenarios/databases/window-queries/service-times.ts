import type { Receipt } from "./answers.ts";

/** How long a query took under load, from sending it to its last row. */
export type ServiceTimes = {
	query: string;
	answersCount: number;
	p50Ms: number;
	/** Of fewer than 100 answers: the longest. */
	p99Ms: number;
	/** At 0, 10, … 100 %. */
	decilesMs: number[];
};

/** By query, in the order of their first answers. */
export function serviceTimesOf(receipts: readonly Receipt[]): ServiceTimes[] {
	const byQuery = Map.groupBy(receipts, ({ query }) => query);
	return [...byQuery].map(([query, own]) => {
		const sorted = own.map(({ serviceUs }) => serviceUs / 1_000).sort((a, b) => a - b);
		return {
			query,
			answersCount: sorted.length,
			p50Ms: at(sorted, 0.5),
			p99Ms: at(sorted, 0.99),
			decilesMs: Array.from({ length: 11 }, (_, tenth) => at(sorted, tenth / 10)),
		};
	});
}

/** By the nearest rank. */
function at(sorted: readonly number[], share: number): number {
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
