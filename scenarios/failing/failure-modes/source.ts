import { stream } from "faultline/subject";
import type { SinkRow, SourceRow } from "./pipeline/contract.ts";

/** The rows of the n-th batch of a seed, as the source delivers them. */
export function sourceRows(seed: number, batch: number, rowCount: number): SourceRow[] {
	const random = stream(seed, `batch/${batch}`);
	return Array.from({ length: rowCount }, (_, line) => ({
		line,
		customer: `customer-${Math.floor(random() * 500)}`,
		grossCents: 1 + Math.floor(random() * 100_000),
	}));
}

/**
 * What must be in the sink for it: the ground truth, from the seed alone. The net is what remains when 19 of 119 parts
 * are VAT, each rounded to the nearest cent.
 */
export function expectedRows(seed: number, batch: number, rowCount: number): SinkRow[] {
	return sourceRows(seed, batch, rowCount).map(({ line, customer, grossCents }) => {
		const netCents = Math.ceil((grossCents * 100) / 119 - 0.5);
		return { line, customer, netCents, vatCents: grossCents - netCents };
	});
}
