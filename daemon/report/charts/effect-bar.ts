import type { ComparedMetric } from "../comparison.ts";
import { type Html, html } from "../html.ts";

type Effect = NonNullable<ComparedMetric["effect"]>;

const widthPx = 150;
const heightPx = 14;
/** Less than this fills no bar: a scale of its own would make noise look like news. */
const leastPct = 10;
const mostPct = 200;

/** One scale for all bars of a table, so that they can be compared. */
export function effectScalePct(metrics: readonly Pick<ComparedMetric, "effect">[]): number {
	const ends = metrics.flatMap(({ effect }) =>
		effect === null ? [] : [effect.worsePct, effect.lowPct ?? 0, effect.highPct ?? 0].map(Math.abs),
	);
	return Math.min(Math.max(leastPct, ...ends), mostPct);
}

/** The effect as a dot, its interval as a line; the middle is no effect, the right is worse. */
export function effectBar({ worsePct, lowPct, highPct }: Effect, scalePct: number): Html {
	const x = (value: number) =>
		Math.round((Math.min(Math.max(value / scalePct, -1), 1) * 0.48 + 0.5) * widthPx * 10) / 10;
	const middle = heightPx / 2;
	const line =
		lowPct !== null &&
		highPct !== null &&
		html`<line x1="${x(lowPct)}" x2="${x(highPct)}" y1="${middle}" y2="${middle}" stroke="var(--blue)" stroke-width="2"/>`;
	return html`<br><svg width="${widthPx}" height="${heightPx}" aria-hidden="true"><line x1="${widthPx / 2}" x2="${widthPx / 2}" y1="0" y2="${heightPx}" stroke="var(--grey)"/>${line}<circle cx="${x(worsePct)}" cy="${middle}" r="4" fill="var(--blue)"/></svg>`;
}
