import { groupEngine } from "../../../subjects/streams/stream-engine.ts";
import type { Engine, Left } from "../engine.ts";
import { streamOf } from "../names.ts";
import type { P } from "../params.ts";
import { leftOf } from "../window-job.ts";

export const node: Engine = groupEngine<P, Left>({
	stream: streamOf,
	env: (p) => ({
		DELAY_MS_MAX: p.delayMsMax,
		HORIZON_MS: p.horizonMs,
		SKEW_MS: p.skewMs,
		QUIET_LOOK_MS: p.quietLookMs,
	}),
	left: (live, p) => leftOf(live, p.horizonMs),
});
