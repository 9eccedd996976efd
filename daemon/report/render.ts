import { entryUrl } from "../../base/entry.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { askProcess } from "../host/one-answer.ts";
import type { Rendered, RenderJob } from "./job.ts";

const limitMs = 120_000;

/** Renders a page in a process of its own, at low priority; resolves when the file is written. */
export async function render(job: RenderJob): Promise<void> {
	const entry = entryUrl("./render-host.ts", import.meta.url);
	const rendered = await askProcess<Rendered>(entry, job, limitMs).catch(
		(error: unknown): Rendered => ({ ok: false, message: messageOf(error) }),
	);
	if (rendered.ok) return;
	throw new FaultlineError(
		"FLT_INTERNAL",
		`the report could not be rendered: ${rendered.message}`,
		"the record is there: faultline show RUN",
	);
}
