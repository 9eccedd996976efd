import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../base/json.ts";
import type { Judgement } from "../contract/judgement.ts";

/** A set of rows reduced to something two sides can compare and store: see `digest`. */
export interface Digest extends JsonObject {
	count: number;
	/** Order-free sum of the rows' hashes, 64 bits in hex. */
	checksum: string;
	/** A checksum for each first byte of the key's hash, to say where two sets differ. */
	parts: string[];
}

const mask = (1n << 64n) - 1n;

/**
 * Count, checksum and 256 partial checksums of rows in any order. `key` names a row, the whole row is hashed: rows
 * doubled, lost or altered change the checksum (sums of SHA-256 prefixes, so that two equal rows do not cancel out).
 */
export async function digest<R>(
	rows: Iterable<R> | AsyncIterable<R>,
	key: (row: R) => string,
	content: (row: R) => string = key,
): Promise<Digest> {
	const parts = new Array<bigint>(256).fill(0n);
	let count = 0;
	for await (const row of rows) {
		const part = createHash("sha256").update(key(row)).digest()[0]!;
		const value = createHash("sha256").update(content(row)).digest().readBigUInt64BE();
		parts[part] = (parts[part]! + value) & mask;
		count += 1;
	}
	const sum = parts.reduce((a, b) => (a + b) & mask, 0n);
	return { count, checksum: hex(sum), parts: parts.map(hex) };
}

/** The numbers of the partial checksums in which two digests differ. */
export function differingParts(a: Digest, b: Digest): number[] {
	return a.parts.flatMap((part, i) => (part === b.parts[i] ? [] : [i]));
}

function hex(value: bigint): string {
	return value.toString(16).padStart(16, "0");
}

/** Two sets of rows are the same, row by row. `what` says of which: `rows of accepted orders`. */
export function digestsAgree<F>(
	id: string,
	what: string,
	sidesIn: (facts: F) => { found: readonly Digest[]; expected: readonly Digest[] },
): Judgement<F> {
	const shown = (digests: readonly Digest[]) => ({
		count: digests[0]?.count ?? 0,
		checksums: digests.map(({ checksum }) => checksum),
	});
	return {
		checks: {
			[id]: {
				kind: "correctness",
				judge(facts) {
					const { found, expected } = sidesIn(facts);
					const [there, wanted] = [shown(found), shown(expected)];
					const agree = isDeepStrictEqual(there, wanted);
					return {
						over: wanted.count,
						ok: agree,
						expected: wanted,
						actual: there,
						message: `${there.count} ${what} are there, ${wanted.count} should be; the checksums ${agree ? "agree" : "differ"}`,
					};
				},
			},
		},
	};
}
