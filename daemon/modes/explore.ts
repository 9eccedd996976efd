import { performExploration } from "../explore/perform-exploration.ts";
import type { Mode } from "../runs/run-mode.ts";

/** Random timelines instead of the plan's own. */
const mode: Mode<"explore"> = {
	perform: (work, { budgetMs }) => performExploration(work, budgetMs),
};

export default mode;
