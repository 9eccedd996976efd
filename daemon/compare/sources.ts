import type { RunDocument } from "../record/document.ts";
import type { BaselineStore } from "./baseline-store.ts";
import type { ComparisonDocument } from "./document.ts";
import { readNights } from "./nights.ts";
import { compareWithBaseline } from "./with-baseline.ts";
import { compareWithRun } from "./with-run.ts";

/** Where a comparison finds what it needs. */
export interface Sources {
	read(runId: string): RunDocument;
	baselines: BaselineStore;
	/** Folder of the nights that this host keeps. */
	history: string;
}

/** A run against `baseline`, or against the run of that id. */
export function compareRun(
	runId: string,
	to: string,
	repeats: readonly string[],
	{ read, baselines, history }: Sources,
): ComparisonDocument {
	const run = read(runId);
	if (to !== "baseline") return compareWithRun(run, read(to));
	return compareWithBaseline(run, baselines.read(run.scenario), {
		repeats: repeats.map((id) => read(id)),
		nights: readNights(history, run.scenario),
	});
}
