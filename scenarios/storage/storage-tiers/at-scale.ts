import type { AtScale } from "faultline";

/** What changes at 100 to 10,000 times the size; the numbers are those that `measure-growth.ts` prints. */
export const atScale: AtScale = {
	growth: "to be measured",
	breaksFirst: "to be said",
	replacement: "to be said",
};
