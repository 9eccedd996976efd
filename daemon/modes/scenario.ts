import { performCases } from "../runs/cases.ts";
import type { Mode } from "../runs/run-mode.ts";

/** The plan as the scenario has it, case by case. */
const mode: Mode<"scenario"> = { perform: (work) => performCases(work) };

export default mode;
