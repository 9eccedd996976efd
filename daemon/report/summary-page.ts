import { durationText } from "../tui/numbers.ts";
import { html } from "./html.ts";
import { page } from "./page.ts";
import { badge, counted, table, toneOf } from "./parts.ts";
import type { Summary, SummaryRow } from "./summary.ts";
import { none, timeText } from "./units.ts";

/** The page of several runs: whether all went as expected, then a row each, what wants a look first. */
export function summaryPage(summary: Summary): string {
	const { title, startedAt, endedAt, rows } = summary;
	const odd = rows.filter(({ asExpected }) => asExpected !== true);
	const worse = rows.filter(({ changes }) => changes.some((change) => change.worse));
	const tone = odd.length > 0 || worse.length > 0 ? "bad" : rows.length === 0 ? "warn" : "good";
	const headline =
		rows.length === 0
			? "Nothing was run"
			: odd.length > 0
				? `${odd.length} of ${counted(rows.length, "run")} not as expected`
				: worse.length > 0
					? `${counted(worse.length, "run")} got worse`
					: "All as expected";
	const took =
		startedAt === null || endedAt === null
			? ""
			: `, took ${durationText(Date.parse(endedAt) - Date.parse(startedAt))}`;
	const body = html`<p class="eyebrow">${title}. ${timeText(startedAt)}${took}</p>
<div class="verdict ${tone}"><h1>${badge(tone, headline)}</h1><p>${counted(rows.length, "run")}, ${
		rows.length - odd.length
	} as expected, ${worse.length} with something worse than before.</p></div>
${
	rows.length > 0 &&
	table(
		[
			{ label: "scenario" },
			{ label: "verdict" },
			{ label: "as expected" },
			{ label: "what changed" },
		],
		[...rows].sort((a, b) => rank(a) - rank(b)).map(cells),
	)
}`;
	return page({ title: `${title}: ${headline}`, foot: "Made by Faultline.", body });
}

function rank({ asExpected, changes }: SummaryRow): number {
	if (asExpected !== true) return 0;
	return changes.some(({ worse }) => worse) ? 1 : changes.length > 0 ? 2 : 3;
}

function cells(row: SummaryRow) {
	const { scenario, params, runId, verdict, expect, asExpected, changes, why, report } = row;
	return [
		html`<b>${report === null ? scenario : html`<a href="${report}">${scenario}</a>`}</b>${
			params !== "" && html`<br>${params}`
		}${runId !== null && html`<br><span class="note">${runId}</span>`}`,
		html`${badge(toneOf(verdict), verdict ?? "none")}${why !== "" && html`<br><span class="note">${why}</span>`}`,
		asExpected === null
			? none
			: asExpected
				? badge("good", "yes")
				: badge("bad", `no, should be ${expect}`),
		changes.length === 0
			? "nothing"
			: changes.map(
					({ text, worse }, i) =>
						html`${i > 0 && html`<br>`}${worse && badge("bad", "worse:")} ${text}`,
				),
	];
}
