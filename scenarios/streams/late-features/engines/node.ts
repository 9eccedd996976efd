import { groupEngine } from "../../../subjects/streams/stream-engine.ts";
import type { Engine } from "../engine.ts";
import { type Left, leftOf } from "../feature-job.ts";
import { streamOf } from "../names.ts";
import type { P } from "../params.ts";

export const node: Engine = groupEngine<P, Left>({
	stream: streamOf,
	env: (p) => ({ WINDOW_MS: p.windowMs, DELAY_MS: p.delayMs, LATENESS_MS: p.latenessMs }),
	left: leftOf,
});
