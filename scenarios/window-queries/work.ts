import { fitGrowth, type Growth } from "../growth.ts";
import type { QueryFile } from "./query-file.ts";

/** What the server says of a query on a table of so many rows, undisturbed. */
export type Work = {
	query: string;
	rows: number;
	/** The server's own execution time, once for each repeat: no planning, no network, no client. */
	executionMs: number[];
	spilledBytes: number;
	/** See `shapeOf`. */
	shape: string;
};

/** On smaller tables what a query costs whatever it reads outweighs what it reads. */
export const growthFromRows = 2_500;
/** On tables up to here it still flattens the curve, so that only the upper end of a band says something. */
const flatBelowRows = 25_000;

export interface QueryGrowth {
	query: string;
	band: QueryFile["growth"];
	/** Null where there are not two sizes. */
	growth: Growth | null;
	/** The interval touches the band. */
	agrees: boolean;
}

/**
 * How each query's time grows with the table, held against its file's band. Of the repeats the faster half counts: what
 * disturbs a query only makes it longer.
 */
export function growthOf(queries: readonly QueryFile[], work: readonly Work[]): QueryGrowth[] {
	return queries.map(({ id, growth: band }) => {
		const points = work
			.filter(({ query, rows }) => query === id && rows >= growthFromRows)
			.flatMap(({ rows, executionMs }) =>
				fasterHalf(executionMs).map((value) => ({ size: rows, value })),
			);
		const growth = fitGrowth(points);
		if (growth === null) return { query: id, band, growth, agrees: false };
		const { exponent, low, high } = growth;
		const flattened = Math.max(...points.map(({ size }) => size)) < flatBelowRows;
		const agrees = (low ?? exponent) <= band.high && (flattened || (high ?? exponent) >= band.low);
		return { query: id, band, growth, agrees };
	});
}

function fasterHalf(times: readonly number[]): number[] {
	return times.toSorted((a, b) => a - b).slice(0, Math.ceil(times.length / 2));
}

/** `0.98 [0.91, 1.05]`. */
export function growthText(growth: Growth | null): string {
	if (growth === null) return "unknown";
	const { exponent, low, high } = growth;
	const interval = low === null || high === null ? "" : ` [${low.toFixed(2)}, ${high.toFixed(2)}]`;
	return `${exponent.toFixed(2)}${interval}`;
}
