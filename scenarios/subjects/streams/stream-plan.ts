import { phasesOf } from "faultline";
import type { seededLoad } from "./produce-seeded.ts";
import type { StreamEngine } from "./stream-engine.ts";

/** What an engine is asked to work through: one load of messages on the log, which it reads and writes through `log`. */
export function streamPlan<P extends Parameters<typeof phasesOf>[0], Load extends string>(
	p: P,
	engine: Pick<StreamEngine<P, unknown>, "subjects" | "faults">,
	loads: Record<Load, ReturnType<typeof seededLoad>>,
) {
	return {
		phases: phasesOf(p),
		paths: { log: "kafka" as const },
		subjects: engine.subjects(p),
		loads,
		faults: engine.faults(p),
		steady: (Object.keys(loads) as Load[]).map((load) => ({
			load,
			signal: "error_pct" as const,
			is: "below" as const,
			value: 1,
		})),
	};
}
