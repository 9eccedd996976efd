import { performDuet } from "../duet/perform-duet.ts";
import type { Mode } from "../runs/run-mode.ts";

/** Two variants side by side, pair after pair. */
const mode: Mode<"duet"> = { perform: performDuet };

export default mode;
