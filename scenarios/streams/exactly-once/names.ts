/** The topics of the experiment, each with as many partitions as the first. */
export interface Topics {
	payments: string;
	postings: string;
	/** The processors' memory: compacted, the last balance of each account. */
	balances: string;
}

export function topicsOf(prefix: string): Topics {
	return {
		payments: `${prefix}payments`,
		postings: `${prefix}postings`,
		balances: `${prefix}balances`,
	};
}

export function groupOf(prefix: string): string {
	return `${prefix}processors`;
}

export function processorNames({ processors }: { processors: number }): string[] {
	return Array.from({ length: processors }, (_, i) => `processor-${i + 1}`);
}
