import type { RunDocument } from "./document.ts";

/** One line on timings that are not clean; null on those that are. */
export function timingsText({
	timings,
	reasons,
}: Pick<RunDocument, "timings" | "reasons">): string | null {
	if (timings.state === "clean") return null;
	const late =
		timings.latenessMs === null
			? "the generator was late"
			: `the generator was up to ${timings.latenessMs} ms late`;
	const depends = reasons.some(({ code }) => code === "generator_late");
	const verdict = depends ? "what depends on it is named" : "no verdict depends on it";
	return `${late}; ${verdict}; these timings are not compared`;
}
