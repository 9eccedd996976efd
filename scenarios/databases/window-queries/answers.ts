import { createHash } from "node:crypto";
import type { PhaseName } from "faultline";

/** One query with one set of parameters, and its rows in order, each as `comparable` has it. */
export type Answer = { query: string; variant: number; rows: string[] };

/** What a load's operation says of its answer, for the journal. */
export interface Receipt {
	query: string;
	variant: number;
	phase: PhaseName;
	rowCount: number;
	digest: string;
	serviceUs: number;
}

/** Equal for equal rows in equal order. */
export function digestOf(rows: readonly string[]): string {
	return createHash("sha256").update(rows.join("\n")).digest("hex").slice(0, 16);
}

export function receiptText(receipt: Receipt): string {
	const { query, variant, phase, rowCount, digest, serviceUs } = receipt;
	return [query, variant, phase, rowCount, digest, serviceUs].join(" ");
}

export function readReceipt(text: string): Receipt {
	const [query, variant, phase, rowCount, digest, serviceUs] = text.split(" ");
	return {
		query: query!,
		variant: Number(variant),
		phase: phase as PhaseName,
		rowCount: Number(rowCount),
		digest: digest!,
		serviceUs: Number(serviceUs),
	};
}

/** Equal answers that the load was given in one phase. */
export type Given = {
	query: string;
	variant: number;
	phase: PhaseName;
	digest: string;
	rowCount: number;
	answersCount: number;
};

/** The load's answers, equal ones counted together. */
export function countGiven(receipts: Iterable<Receipt>): Given[] {
	const found = new Map<string, Given>();
	for (const { query, variant, phase, digest, rowCount } of receipts) {
		const key = [query, variant, phase, digest].join(" ");
		const known = found.get(key);
		if (known === undefined)
			found.set(key, { query, variant, phase, digest, rowCount, answersCount: 1 });
		else known.answersCount += 1;
	}
	return [...found.values()];
}

/** Where an answer and the oracle part. */
export type Difference = {
	query: string;
	variant: number;
	/** Of the row, from 1. */
	row: number;
	expected: string | null;
	actual: string | null;
};

const differencesKept = 10;

/** Answers held against the oracle, row by row and in order. */
export type RowsCompared = {
	rowsCount: number;
	equalCount: number;
	/** The first ones. */
	differences: Difference[];
};

/** An answer that is missing, or that nobody asked for, differs in all its rows, and in one at least. */
export function compareRows(actual: readonly Answer[], expected: readonly Answer[]): RowsCompared {
	const result: RowsCompared = { rowsCount: 0, equalCount: 0, differences: [] };
	const wanted = new Map(expected.map((answer) => [keyOf(answer), answer]));
	const there = new Map(actual.map((answer) => [keyOf(answer), answer]));
	for (const key of new Set([...wanted.keys(), ...there.keys()])) {
		const { query, variant } = (wanted.get(key) ?? there.get(key))!;
		const [want, got] = [wanted.get(key)?.rows, there.get(key)?.rows];
		const oneMissing = want === undefined || got === undefined ? 1 : 0;
		const length = Math.max(oneMissing, want?.length ?? 0, got?.length ?? 0);
		for (let i = 0; i < length; i++) {
			const row = { expected: want?.[i] ?? null, actual: got?.[i] ?? null };
			result.rowsCount += 1;
			if (row.expected === row.actual && oneMissing === 0) result.equalCount += 1;
			else if (result.differences.length < differencesKept)
				result.differences.push({ query, variant, row: i + 1, ...row });
		}
	}
	return result;
}

/** The answers of the load that are not the oracle's. */
export function wrongOf(given: readonly Given[], expected: readonly Answer[]): Given[] {
	const digests = new Map(expected.map((answer) => [keyOf(answer), digestOf(answer.rows)]));
	return given.filter((each) => digests.get(keyOf(each)) !== each.digest);
}

function keyOf({ query, variant }: { query: string; variant: number }): string {
	return `${query} ${variant}`;
}
