import { changesOf, changeText, kindOfChange, shopAfter, truthOf } from "./changes/changes.ts";
import { differingRows, digestsOf, martNames, martRows } from "./marts.ts";
import {
	digestsSql,
	martSchema,
	publicationsCountSql,
	publicationsSql,
	publishedSql,
} from "./publish.ts";
import { type Expected, gone, nothing, type Observed, type Read } from "./record.ts";
import { type Shop, shopOf } from "./source.ts";
import { originSchema, shopSql } from "./tables.ts";
import type { TrialReceipt } from "./trial.ts";

/** What a run's data is made of. */
export interface Workload {
	seed: number;
	/** Orders of the shop. */
	orders: number;
	/** Changes that the gate is asked about, the first of them none. */
	trials: number;
}

/** The shop as it stays, and the list of what is published; `run` runs statements. */
export async function arrangeShop(
	run: (text: string) => Promise<unknown>,
	{ seed, orders }: Pick<Workload, "seed" | "orders">,
): Promise<void> {
	const statements = [...shopSql(originSchema, shopOf(seed, orders)), ...publicationsSql()];
	await run(["begin", ...statements, "commit"].join(";\n"));
}

/** What consumers see, in one statement; `rows` runs a query. */
export async function readMarts(
	rows: (query: string) => Promise<Record<string, unknown>[]>,
): Promise<Read> {
	// Before the marts, or a first publication between the two would look like marts that are gone.
	const [before] = await rows(publicationsCountSql);
	try {
		const [row] = await rows(digestsSql(martSchema));
		return String(row?.digests);
	} catch (error) {
		if (!isMissing(error)) throw error;
		return before?.count === 0 ? nothing : gone;
	}
}

/** Undefined table or schema. */
function isMissing(error: unknown): boolean {
	return error instanceof Error && "code" in error && /^(?:42P01|3F000)$/.test(String(error.code));
}

/** What is there once the load has ended; `rows` runs a query. */
export async function observeGate(
	rows: (query: string) => Promise<Record<string, unknown>[]>,
	trials: readonly TrialReceipt[],
	reads: Iterable<Read>,
): Promise<Observed> {
	const counts = new Map<Read, number>();
	for (const seen of reads) counts.set(seen, (counts.get(seen) ?? 0) + 1);
	const published = (await rows(publishedSql)) as Observed["published"];
	return {
		trials: trials.toSorted((a, b) => a.trial - b.trial),
		published: published.map(({ trial, digests }) => ({ trial, digests })),
		reads: [...counts].map(([seen, count]) => ({ seen, count })),
		now: await readMarts(rows),
	};
}

/** Labels and marts of every trial, from the seed alone: loops over rows, no SQL and no dbt. */
export function truthOfTrials({ seed, orders, trials }: Workload): Expected {
	const shop = shopOf(seed, orders);
	const before = martRows(shop);
	return {
		trials: changesOf(seed, trials, shop).map((change, trial) => {
			const truth = truthOf(change);
			const rows = truth.kind === "violating" ? null : martRows(shopAfter(change, shop));
			return {
				trial,
				change: kindOfChange(change),
				text: changeText(change),
				truth,
				digests: rows === null ? null : digestsText(rows),
				changedRows: rows === null ? 0 : differingRows(before, rows),
			};
		}),
	};
}

/** As `digestsSql` has it. */
export function digestsText(rows: Parameters<typeof digestsOf>[0]): string {
	const digests = digestsOf(rows);
	return martNames.map((name) => digests[name]).join(",");
}

/** The shop and the changes of a run, made once in each process that wants them. */
export function workloadOf({ seed, orders, trials }: Workload): {
	shop: Shop;
	changes: ReturnType<typeof changesOf>;
} {
	const shop = shopOf(seed, orders);
	return { shop, changes: changesOf(seed, trials, shop) };
}
