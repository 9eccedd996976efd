import { nameOf } from "../host/catalog.ts";
import type {
	Described,
	DescribedSuite,
	ScenarioDescription,
	SuiteDescription,
} from "../host/protocol.ts";
import type { RunBrief } from "../record/brief.ts";
import type { SuiteDocument } from "../suites/document.ts";
import { wordsOf } from "../summary/outcome.ts";
import { table } from "../text/table.ts";

/** A scenario as lists show it. */
export function scenarioView(description: ScenarioDescription, lastVerdict: string | null) {
	const { name, title, question, guarded, needs } = description;
	return { name, title, question, guarded, needs, lastVerdict, start: `/scenarios/${name}/start` };
}

export type ScenarioView = ReturnType<typeof scenarioView>;

/** All scenarios, with what the newest runs came to. */
export function scenariosView(all: readonly Described[], newestFirst: readonly RunBrief[]) {
	const verdicts = lastVerdicts(newestFirst);
	return {
		scenarios: all.map((entry) =>
			entry.kind === "scenario"
				? scenarioView(entry.description, verdicts.get(nameOf(entry)) ?? null)
				: { name: entry.name, error: entry.error },
		),
	};
}

export function scenariosAsText({ scenarios }: ReturnType<typeof scenariosView>): string {
	return table([
		["scenario", "title", "needs", "last verdict"],
		...scenarios.map((entry) =>
			"error" in entry
				? [entry.name, `BROKEN: ${entry.error}`, "", ""]
				: [entry.name, entry.title, entry.needs.join(" "), entry.lastVerdict],
		),
	]);
}

/** Scenario → verdict of its newest run that has one. A naive twin's says nothing of it: that one is to fail. */
export function lastVerdicts(newestFirst: readonly RunBrief[]): Map<string, string> {
	const verdicts = new Map<string, string>();
	for (const { scenario, guard, verdict } of newestFirst) {
		if (verdict !== null && guard === "on" && !verdicts.has(scenario))
			verdicts.set(scenario, verdict);
	}
	return verdicts;
}

/** Where the newest record of a suite is to be had. */
interface Records {
	lastOf(suite: string): SuiteDocument | null;
}

/** A suite as lists show it. */
export function suiteView({ name, title, question, steps }: SuiteDescription, records: Records) {
	const last = records.lastOf(name);
	return {
		name,
		title,
		question,
		stepCount: steps.length,
		last: last && { id: last.id, state: last.state, outcome: last.outcome },
		start: `/suites/${name}/start`,
	};
}

export function suitesView(all: readonly DescribedSuite[], records: Records) {
	return {
		suites: all.map((entry) =>
			entry.kind === "suite"
				? suiteView(entry.description, records)
				: { name: entry.name, error: entry.error },
		),
	};
}

export function suitesAsText({ suites }: ReturnType<typeof suitesView>): string {
	return table([
		["suite", "title", "steps", "last outcome"],
		...suites.map((entry) => {
			if ("error" in entry) return [entry.name, `BROKEN: ${entry.error}`, null, ""];
			const { name, title, stepCount, last } = entry;
			const outcome = last?.outcome ?? null;
			return [name, title, stepCount, outcome === null ? (last?.state ?? null) : wordsOf(outcome)];
		}),
	]);
}
