import { flinkEngine } from "../../../subjects/streams/flink-engine.ts";
import type { Engine } from "../engine.ts";
import { type Left, nothingLeft } from "../feature-job.ts";
import { streamOf } from "../names.ts";
import type { P } from "../params.ts";

export const flink: Engine = flinkEngine<P, Left>({
	stream: streamOf,
	main: new URL("../flink/LateFeatures.java", import.meta.url),
	env: (p) => ({ WINDOW_MS: p.windowMs, DELAY_MS: p.delayMs, LATENESS_MS: p.latenessMs }),
	nothingLeft,
});
