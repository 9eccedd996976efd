import { groupEngine } from "../../../subjects/streams/stream-engine.ts";
import { type Engine, jobEnv, type Left } from "../engine.ts";
import { streamOf } from "../names.ts";
import type { P } from "../params.ts";
import { leftOf } from "../window-job.ts";

export const node: Engine = groupEngine<P, Left>({
	stream: streamOf,
	env: jobEnv,
	left: (live, p) => leftOf(live, p.horizonMs),
});
