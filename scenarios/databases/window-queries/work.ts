import { fitGrowth, type Growth } from "faultline";
import type { QueryFile } from "./query-file.ts";

/** What a time was taken by: the server's processor time, or, where it does not tell that, its clock on the wall. */
export type Clock = "processor" | "wall";

/** What the server says of a query on a table of so many rows, undisturbed. */
export type Work = {
	query: string;
	rows: number;
	clock: Clock;
	/** The server's own time of execution, once for each repeat: no planning, no network, no client. */
	timesMs: number[];
	spilledBytes: number;
	/** See `shapeOf`. */
	shape: string;
};

/** On smaller tables what a query costs whatever it reads outweighs what it reads. */
export const growthFromRows = 2_500;
/** On tables up to here it still flattens the curve, so that only the upper end of a band says something. */
const flatBelowRows = 25_000;
/** An interval that is wider has room for one power of the rows more, or less. */
const widthMax = 1;

/** Work as older records have it: of the times on the wall the faster half counted, as what disturbs makes longer. */
export function upgradedWork(work: Work & { executionMs?: readonly number[] }): Work {
	const { executionMs, ...rest } = work;
	if (executionMs === undefined) return rest;
	const faster = executionMs.toSorted((a, b) => a - b).slice(0, Math.ceil(executionMs.length / 2));
	return { ...rest, clock: "wall", timesMs: faster };
}

export interface QueryGrowth {
	query: string;
	band: QueryFile["growth"];
	/** Null where there are not two sizes. */
	growth: Growth | null;
	told: Told;
}

/** Whether the growth is the stated one, as far as the times can tell. */
export type Told = "as_stated" | "otherwise" | "cannot_tell";

/**
 * How each query's time grows with the table, held against its file's band. It is another one where its whole interval
 * lies outside, and the stated one where the interval touches the band and is narrow enough to mean something.
 */
export function growthOf(queries: readonly QueryFile[], work: readonly Work[]): QueryGrowth[] {
	const sizes = new Set(work.flatMap(({ rows }) => (rows >= growthFromRows ? rows : [])));
	return queries.map(({ id, growth: band }) => {
		const own = work.filter(({ query }) => query === id);
		const points = own
			.filter(({ rows }) => rows >= growthFromRows)
			.flatMap(({ rows, timesMs }) => timesMs.map((value) => ({ size: rows, value })));
		const growth = fitGrowth(points);
		if (growth === null) {
			const asked = own.length > 0 && sizes.size < 2;
			return { query: id, band, growth, told: asked ? "cannot_tell" : "otherwise" };
		}
		const flattened = Math.max(...points.map(({ size }) => size)) < flatBelowRows;
		const held = { low: flattened ? Number.NEGATIVE_INFINITY : band.low, high: band.high };
		return { query: id, band, growth, told: toldBy(growth, held, own) };
	});
}

function toldBy(growth: Growth, band: QueryFile["growth"], own: readonly Work[]): Told {
	const { low, high } = growth;
	// Two points lie on a line, whatever disturbed them.
	if (low === null || high === null) return "cannot_tell";
	if (low <= band.high && high >= band.low)
		return high - low <= widthMax ? "as_stated" : "cannot_tell";
	// The longer a query is, the more often a busy machine interrupts it: on the wall, that is growth.
	return own.every(({ clock }) => clock === "processor") ? "otherwise" : "cannot_tell";
}

/** More repeats would not say more, of any of the queries. */
export function isTold(queries: readonly QueryFile[], work: readonly Work[]): boolean {
	return growthOf(queries, work).every(
		({ growth, told }) => growth === null || told !== "cannot_tell",
	);
}

/** `0.98 [0.91, 1.05]`. */
export function growthText(growth: Growth | null): string {
	if (growth === null) return "unknown";
	const { exponent, low, high } = growth;
	const interval = low === null || high === null ? "" : ` [${low.toFixed(2)}, ${high.toFixed(2)}]`;
	return `${exponent.toFixed(2)}${interval}`;
}
