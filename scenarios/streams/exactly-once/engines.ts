import { node } from "./engines/node.ts";

/** Who runs the processors: one file for each, and its line here. */
export const engines = { node };
