import { flinkEngine } from "../../../subjects/streams/flink-engine.ts";
import { type Engine, jobEnv, type Left } from "../engine.ts";
import { streamOf } from "../names.ts";
import type { P } from "../params.ts";
import { nothingLeft } from "../window-job.ts";

export const flink: Engine = flinkEngine<P, Left>({
	stream: streamOf,
	main: new URL("../flink/SlidingWindows.java", import.meta.url),
	env: jobEnv,
	nothingLeft,
});
