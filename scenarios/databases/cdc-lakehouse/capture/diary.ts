import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { LatencyEntries } from "faultline/subject";
import type { Transaction } from "./transaction.ts";

/** What a consumer writes down of itself, a line each; what it had done and not written down when it was killed is missing. */
export type DiaryLine =
	| {
			kind: "started";
			atMs: number;
			/** From where it asked for the stream. */
			fromLsn: number;
			/** Data files that an earlier one had written and not committed, by table and name. */
			garbage: string[];
	  }
	| { kind: "snapshot"; atMs: number; lsn: number; rowCount: number; tookMs: number }
	| {
			kind: "batch";
			/** When all tables had it; milliseconds of the epoch, as all times here. */
			atMs: number;
			toLsn: number;
			transactionCount: number;
			changeCount: number;
			/** From the first of its transactions' coming to its commit. */
			tookMs: number;
			/** From the commit in the source to the commit in all tables, of each transaction. */
			lag: LatencyEntries;
	  };

export const diaryFile = "capture.ndjson";

export function writeDown(line: DiaryLine): void {
	appendFileSync(diaryFile, `${JSON.stringify(line)}\n`);
}

/** From each commit in the source to this moment. */
export function lagOf(
	transactions: readonly Pick<Transaction, "committedMs">[],
	atMs: number,
): LatencyEntries {
	return transactions.map(({ committedMs }) => [
		Math.max(0, Math.round(1_000 * (atMs - committedMs))),
		1,
	]);
}

/** All whole lines of a diary; none where there is none. */
export function readDiary(path: string): DiaryLine[] {
	if (!existsSync(path)) return [];
	const lines = readFileSync(path, "utf8").split("\n");
	// Behind the last line's end is nothing, or what a killed consumer could not finish.
	return lines.slice(0, -1).map((line) => JSON.parse(line) as DiaryLine);
}
