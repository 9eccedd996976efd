import { existsSync, readFileSync } from "node:fs";
import { shortOid } from "../forge/seen.ts";
import type { Verdict } from "./gate.ts";
import type { RefUpdate } from "./refs.ts";

/** Where a gate writes what it has said, a line each, in the folder that it is started in. */
export const saidFile = "said.ndjson";

/** What a gate has said of a push, as it writes it down before it says it. */
export type Said = {
	/** Its name: `shop` of `…/shop.git`. */
	repository: string;
	updates: RefUpdate[];
	verdict: Verdict["kind"];
	findings: { place: string[]; rule: string; why: string }[];
	notes: string[];
	/** From the question to the answer. */
	tookMs: number;
};

/** All that was said; a line that was not written to its end is none. */
export function saidIn(file: string): Said[] {
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
	return lines.map((line) => JSON.parse(line) as Said);
}

/** One update of a ref that a gate was asked about, and what it said, as a record keeps it: there are many. */
export type Told = [
	repository: string,
	ref: string,
	before: string,
	after: string,
	verdict: Verdict["kind"],
	tookMs: number,
];

/** All updates of what was said, in its order. */
export function toldOf(said: readonly Said[]): Told[] {
	return said.flatMap(({ repository, updates, verdict, tookMs }) =>
		updates.map(
			({ ref, before, after }): Told => [
				repository,
				ref,
				shortOid(before),
				shortOid(after),
				verdict,
				Math.round(10 * tookMs) / 10,
			],
		),
	);
}
