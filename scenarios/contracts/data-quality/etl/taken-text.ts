import type { Taken } from "./take-batch.ts";

/** What became of a batch, for people: a line, and below it one for each rule that is broken. */
export function takenText(batch: number, taken: Taken): string {
	switch (taken.kind) {
		case "loaded":
			return `batch ${batch}: loaded${taken.again ? " before" : ""}`;
		case "rejected":
			return [
				`batch ${batch}: in quarantine, see ${taken.page}`,
				...taken.error.split("; ").map((line) => `  ${line}`),
			].join("\n");
		case "none":
			return `batch ${batch}: no verdict: ${taken.reason}`;
		default:
			return taken satisfies never;
	}
}
