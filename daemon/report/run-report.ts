import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError } from "../../base/errors.ts";
import { entryFor } from "../compare/baseline.ts";
import type { BaselineStore } from "../compare/baseline-store.ts";
import type { ComparisonDocument } from "../compare/document.ts";
import { isFinal, type RunDocument } from "../record/document.ts";
import type { RunStore } from "../record/store.ts";
import { curvesOfBaseline } from "./percentiles.ts";
import { render } from "./render.ts";
import type { OtherCurve } from "./report.ts";

/** Where reports are made from. */
export interface ReportSources {
	store: RunStore;
	baselines: BaselineStore;
	/** Says when to make one: most are never read, and rendering takes a second of a processor that a run may need. */
	when(make: () => Promise<void>): Promise<void>;
}

/** The file with the report of a finished run, beside its baseline's percentiles; made when it is first asked for. */
export async function reportOf(
	document: RunDocument,
	{ store, baselines, when }: ReportSources,
): Promise<string> {
	const { runId, state, scenario } = document;
	if (!isFinal(state)) {
		throw new FaultlineError(
			"FLT_CONFLICT",
			`run ${runId} is ${state}: its report comes with its end`,
			`ask again then; GET /runs/${runId} says how it stands`,
		);
	}
	const folder = store.folderOf(runId);
	const out = join(folder, "report.html");
	// A record that was written anew, as by a recheck, wants a new page, and so does another baseline.
	const madeOf = [join(folder, "run.json"), baselines.fileOf(scenario)];
	const stands = () => madeOf.every((file) => modifiedMs(out) >= modifiedMs(file));
	if (existsSync(out) && stands()) return out;
	await when(async () => {
		// Of several that asked meanwhile the first has made it.
		if (existsSync(out) && stands()) return;
		await render({ kind: "run", folder, others: acceptedCurves(document, baselines), out });
	});
	return out;
}

/** The file with the page of a comparison; another one wherever anything in it is another. */
export async function comparisonReportOf(
	comparison: ComparisonDocument,
	{ store, baselines, when }: ReportSources,
): Promise<string> {
	const { runId, against } = comparison;
	const folder = store.folderOf(runId);
	const other = against.kind === "run" ? against.runId : "baseline";
	const key = createHash("sha256").update(JSON.stringify(comparison)).digest("hex").slice(0, 16);
	const out = join(folder, `compare-${other}-${key}.html`);
	if (existsSync(out)) return out;
	const runs = [{ label: runId, folder }];
	if (against.kind === "run") runs.push({ label: other, folder: store.folderOf(other) });
	const curves = against.kind === "run" ? [] : acceptedCurves(store.read(runId), baselines);
	await when(async () => {
		// Of several that asked meanwhile the first has made it.
		if (existsSync(out)) return;
		removeOldest(folder, comparisonsKept - 1);
		await render({ kind: "comparison", comparison, runs, curves, out });
	});
	return out;
}

const comparisonsKept = 20;

/** Leaves so many pages of comparisons in the folder, the newest. */
function removeOldest(folder: string, count: number): void {
	const files = readdirSync(folder)
		.filter((name) => /^compare-.*\.html$/.test(name))
		.map((name) => join(folder, name))
		.sort((a, b) => modifiedMs(b) - modifiedMs(a));
	for (const file of files.slice(count)) rmSync(file, { force: true });
}

function acceptedCurves(document: RunDocument, baselines: BaselineStore): OtherCurve[] {
	const baseline = baselines.find(document.scenario);
	const entry = baseline === null ? null : entryFor(baseline, document);
	return entry === null ? [] : curvesOfBaseline(entry.runs, "baseline, steady");
}

function modifiedMs(file: string): number {
	return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}
