import { dirname, relative } from "node:path";
import { timelineText } from "../../chaos/grammar.ts";
import type { Trial } from "../../scenarios/contract/plan.ts";
import type { RunDocument } from "../record/document.ts";

/** A scenario file with the timeline that an exploration found, for this place: it imports its scenario from there. */
export function foundFile(document: RunDocument, at: string): string {
	const { exploration, scenario, file, params } = document;
	const faults = exploration?.found ?? [];
	const path = relative(dirname(at), file);
	const base = path.startsWith(".") ? path : `./${path}`;
	const lastMs = Math.max(0, ...faults.map(({ toMs }) => toMs));
	const trial = {
		title: `${scenario}, broken by ${timelineText(faults)}`,
		phases: { warmMs: 500, steadyMs: 1_000, recoverLimitMs: 5_000, intervalMs: 250 },
		faults,
	};
	const comment = `// Found by faultline explore (seed ${exploration?.seed ?? 0}) with ${JSON.stringify(params)}: the smallest timeline, of ${lastMs} ms,
// with which a correctness check fails.

`;
	return foundText(base, trial, comment);
}

/** The text of a scenario file that is another one with these faults and phases. */
export function foundText(base: string, trial: Trial & { title: string }, comment = ""): string {
	return `import { found } from "faultline";
import base from ${JSON.stringify(base)};

${comment}export default found(base, import.meta.resolve(${JSON.stringify(base)}), ${JSON.stringify(trial, null, "\t")});
`;
}
