import { constants, setPriority } from "node:os";
import { messageOf } from "../../base/errors.ts";
import { writeDurably } from "../home/home.ts";
import { comparisonPage } from "./comparison-page.ts";
import type { Rendered, RenderJob } from "./job.ts";
import { curvesOfRun } from "./percentiles.ts";
import { readRecord } from "./record.ts";
import { loadSections, runPage } from "./run-page.ts";

// Renders one page and ends. A process of its own, because the daemon has no room for a chart library; and a modest
// one: what is measured on this machine meanwhile comes first.

setPriority(constants.priority.PRIORITY_LOW);
process.once("message", async (job: RenderJob) => {
	process.send?.(await render(job));
	process.disconnect?.();
});
// Nobody waits for it any more.
process.once("disconnect", () => process.exit());

async function render(job: RenderJob): Promise<Rendered> {
	try {
		writeDurably(job.out, await pageOf(job));
		return { ok: true };
	} catch (error) {
		return { ok: false, message: messageOf(error) };
	}
}

async function pageOf(job: RenderJob): Promise<string> {
	switch (job.kind) {
		case "run":
			return runPage({ ...readRecord(job.folder), others: job.others }, await loadSections());
		case "comparison":
			return comparisonPage(job.comparison, [
				...job.runs.flatMap(({ label, folder }) => curvesOfRun(readRecord(folder), label)),
				...job.curves,
			]);
		default:
			return job satisfies never;
	}
}
