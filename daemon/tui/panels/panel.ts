import type { Dashboard } from "../dashboard.ts";
import type { Stroke } from "../plot.ts";
import type { Line } from "../text.ts";

/** What one panel shows: a title and readouts on its rule, and lines. */
export interface Panel {
	title: Line;
	/** At the rule's right end; where they do not fit the last ones are left out. */
	readouts?: Line[];
	lines: Line[];
	/** Drawn over the lines, at this place in the panel's body. */
	plot?: { left: number; top: number; columns: number; rows: number; strokes: Stroke[] };
}

/** Makes a panel for a body of this size; without a terminal, so that it can be tested. */
export type MakePanel = (state: Dashboard, size: { width: number; height: number }) => Panel;
