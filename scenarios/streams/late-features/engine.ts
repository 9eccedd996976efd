import type { StreamEngine } from "../../subjects/streams/stream-engine.ts";
import type { Left } from "./feature-job.ts";
import type { P } from "./params.ts";

/** One way to compute features. */
export type Engine = StreamEngine<P, Left>;
