import type { Stand } from "./stream-topics.ts";
import { noTimeYet } from "./watermark.ts";

/** How a partition stood when its work was committed, and what was left then. */
export interface LeftStand<Left> extends Stand {
	left: Left;
}

/** The same as a program in another language writes it: JSON knows no time before all others. */
export type WrittenStand<Left> = Omit<LeftStand<Left>, "watermarkMs"> & {
	watermarkMs: number | null;
};

export function leftStandOf<Left>({ watermarkMs, ...stand }: WrittenStand<Left>): LeftStand<Left> {
	return { ...stand, watermarkMs: watermarkMs ?? noTimeYet };
}
