import { hash } from "node:crypto";

// A set of rows in one number, which can be kept up to date as rows come and go. Who reads the tables and who replays the
// source have this in common, and nothing else.

const mask = (1n << 64n) - 1n;

/** A row as one text, whatever the order of its columns; what is null is left out. */
export function rowText(row: Readonly<Record<string, string | null>>): string {
	const cells = Object.entries(row).filter(([, value]) => value !== null);
	return JSON.stringify(cells.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The sum of the rows' hashes, 64 bits of SHA-256 of each, and how many rows there are. */
export class RowSum {
	count = 0;
	#sum = 0n;

	add(text: string): void {
		this.count += 1;
		this.#sum = (this.#sum + hashOf(text)) & mask;
	}

	remove(text: string): void {
		this.count -= 1;
		this.#sum = (this.#sum - hashOf(text)) & mask;
	}

	clear(): void {
		this.count = 0;
		this.#sum = 0n;
	}

	/** Both in one text. */
	get text(): string {
		return `${this.count} rows, ${this.#sum.toString(16).padStart(16, "0")}`;
	}
}

function hashOf(text: string): bigint {
	return hash("sha256", text, "buffer").readBigUInt64BE();
}
