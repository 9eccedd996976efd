import { sparkEngine } from "../../../subjects/streams/spark-engine.ts";
import type { Engine } from "../engine.ts";
import { type Left, nothingLeft } from "../feature-job.ts";
import { streamOf } from "../names.ts";
import type { P } from "../params.ts";

export const spark: Engine = sparkEngine<P, Left>({
	stream: streamOf,
	main: new URL("../spark/late_features.py", import.meta.url),
	env: (p) => ({ WINDOW_MS: p.windowMs, DELAY_MS: p.delayMs, LATENESS_MS: p.latenessMs }),
	nothingLeft,
});
