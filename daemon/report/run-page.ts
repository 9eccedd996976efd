import { scanFolder } from "../../base/catalog.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page.ts";
import { caseOf, casesOf, type RunReport, type Section } from "./report.ts";

const folder = new URL("./sections/", import.meta.url);

/** The sections there are, in their order: one file each, no registry. */
export async function loadSections(): Promise<Section[]> {
	const modules = await Promise.all(
		[...scanFolder(folder).values()].map(
			(url) => import(url.href) as Promise<{ default: Section }>,
		),
	);
	return modules.map((module) => module.default).sort((a, b) => a.order - b.order);
}

/** The page of one run. */
export function runPage(report: RunReport, sections: readonly Section[]): string {
	const { runId, scenario, verdict, state, versions } = report.document;
	const ofCases = sections.filter(({ per }) => per === "case");
	const ofRun = sections.filter(({ per }) => per === "run");
	const casesAt = ofCases[0]?.order ?? Number.POSITIVE_INFINITY;
	const before = ofRun.filter(({ order }) => order < casesAt);
	const after = ofRun.filter(({ order }) => order >= casesAt);
	const cases = casesOf(report);
	const headingOf = (id: string | null) =>
		id !== null
			? html`<h2 class="case" id="case-${id}">Case ${id}</h2>`
			: cases.length > 1 && html`<h2 class="case">All cases</h2>`;
	const body = html`${before.map((section) => part(section, report))}${cases.map(
		(id) => html`${headingOf(id)}${ofCases.map((section) => part(section, caseOf(report, id)))}`,
	)}${after.map((section) => part(section, report))}`;
	return page({
		title: `${scenario}: ${verdict ?? state}`,
		foot: `Run ${runId}, Faultline ${versions.faultline ?? "of an unknown version"}. Times count from the run's zero.`,
		body,
	});
}

function part(section: Section, report: RunReport): Html | null {
	const content = section.render(report);
	if (content === null) return null;
	return html`<section>${section.title !== null && html`<h2>${section.title}</h2>`}${content}</section>
`;
}
