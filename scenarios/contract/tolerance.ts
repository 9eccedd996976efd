/**
 * What fails a run, or makes it invalid, unless its scenario says that it may happen: a subject that ends although no
 * fault ends it, a load of which nothing succeeds in `steady`, a steady state that is not back within its limit.
 */
export const tolerances = ["subject_ended", "nothing_ok", "not_recovered"] as const;

export type Tolerance = (typeof tolerances)[number];
