export const phaseNames = ["warming", "steady", "faulting", "recovering"] as const;

export type PhaseName = (typeof phaseNames)[number];
