import { statSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError } from "../../base/errors.ts";
import { isFinal, type RunDocument } from "../runs/document.ts";
import type { RunStore } from "../runs/store.ts";
import { render } from "./render.ts";

/**
 * The file with the report of a finished run, which is made when it is first asked for: most are never read, and
 * rendering takes a second of a processor that the next run may be measuring with. `when` says when to make it.
 */
export async function reportOf(
	{ runId, state }: Pick<RunDocument, "runId" | "state">,
	store: RunStore,
	when: (make: () => Promise<void>) => Promise<void>,
): Promise<string> {
	if (!isFinal(state)) {
		throw new FaultlineError(
			"FLT_CONFLICT",
			`run ${runId} is ${state}: its report comes with its end`,
			`ask again then; GET /runs/${runId} says how it stands`,
		);
	}
	const folder = store.folderOf(runId);
	const out = join(folder, "report.html");
	// A record that was written anew, as by a recheck, wants a new page.
	const stands = () => modifiedMs(out) >= modifiedMs(join(folder, "run.json"));
	if (!stands()) {
		await when(async () => {
			// Of several that asked meanwhile the first has made it.
			if (!stands()) await render({ kind: "run", folder, others: [], out });
		});
	}
	return out;
}

function modifiedMs(file: string): number {
	return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}
