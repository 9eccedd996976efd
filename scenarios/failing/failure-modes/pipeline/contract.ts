import { createHash } from "node:crypto";

/** A row as the source has it. `line` counts from 0 within its batch. */
export interface SourceRow {
	line: number;
	customer: string;
	/** With VAT. */
	grossCents: number;
}

/** A row as the sink has it. */
export interface SinkRow {
	line: number;
	customer: string;
	netCents: number;
	vatCents: number;
}

/** What a batch is to hold, said by who delivers it and not by the delivery itself. */
export interface Manifest {
	rowCount: number;
	checksum: string;
}

/** A delivery that is not what its manifest says. */
export class ContractBroken extends Error {
	constructor(what: string) {
		super(what);
		this.name = "ContractBroken";
	}
}

/** Count and checksum of rows in the order of their lines. */
export function manifestOf(rows: readonly SourceRow[]): Manifest {
	const hash = createHash("sha256");
	for (const { line, customer, grossCents } of [...rows].sort((a, b) => a.line - b.line))
		hash.update(`${line}\t${customer}\t${grossCents}\n`);
	return { rowCount: rows.length, checksum: hash.digest("hex").slice(0, 16) };
}

/** The guard at the hand-over: throws `ContractBroken` where rows are missing, added or altered. */
export function keepContract(manifest: Manifest, rows: readonly SourceRow[]): void {
	const { rowCount, checksum } = manifestOf(rows);
	if (rowCount !== manifest.rowCount)
		throw new ContractBroken(`${rowCount} rows came, the manifest says ${manifest.rowCount}`);
	if (checksum !== manifest.checksum)
		throw new ContractBroken(`the checksum is ${checksum}, the manifest says ${manifest.checksum}`);
}
