import { loadFacts, type Metric } from "faultline";
import { compareRows, wrongOf } from "./answers.ts";
import { workOfAll } from "./checks.ts";
import { changedPlans, type RecordedPlans } from "./plans.ts";
import type { QueryFile } from "./query-file.ts";
import type { WindowFacts } from "./record.ts";
import { growthOf } from "./work.ts";

/** Of the rows of all answers, in quiet and under load, the share that is the oracle's. */
export function correctPct({ observed, expected }: WindowFacts): number | null {
	const quiet = compareRows(observed.answers, expected.answers);
	const rows = (given: typeof observed.given) =>
		given.reduce((sum, { rowCount, answersCount }) => sum + rowCount * answersCount, 0);
	const [given, wrong] = [observed.given, wrongOf(observed.given, expected.answers)].map(rows);
	const all = quiet.rowsCount + given!;
	return all === 0 ? null : (100 * (quiet.equalCount + given! - wrong!)) / all;
}

/** Of one case. */
export function caseMetrics(
	queries: readonly QueryFile[],
	recorded: RecordedPlans,
): Record<string, Metric<WindowFacts>> {
	const machineMs = { unit: "ms", direction: "lower", portability: "machine" } as const;
	const times = (id: string, { observed }: WindowFacts) =>
		observed.serviceTimes.find(({ query }) => query === id);
	return {
		correct_pct: {
			unit: "pct",
			direction: "higher",
			portability: "exact",
			measure: correctPct,
		},
		unanswered_pct: {
			unit: "pct",
			direction: "lower",
			portability: "machine",
			measure: (facts) => {
				const { started_count, ok_count } = loadFacts(facts, "queries", "all").summary;
				return (100 * (started_count - ok_count)) / started_count;
			},
		},
		plans_changed_count: {
			unit: "count",
			direction: "lower",
			// Where two ways cost about the same, the data of the seed and the settings of the server decide.
			portability: "machine",
			measure: ({ observed: { postgres, work } }) =>
				changedPlans(recorded, postgres, work)?.length ?? null,
		},
		spilled_bytes: {
			unit: "bytes",
			direction: "lower",
			portability: "bounded",
			measure: ({ observed: { work } }) =>
				work.reduce((sum, { spilledBytes }) => sum + spilledBytes, 0),
		},
		...Object.fromEntries(
			queries.flatMap(({ id }): [string, Metric<WindowFacts>][] => [
				[
					`${nameOf(id)}_p50_ms`,
					{ ...machineMs, measure: (facts) => times(id, facts)?.p50Ms ?? null },
				],
				[
					`${nameOf(id)}_p99_ms`,
					{ ...machineMs, measure: (facts) => times(id, facts)?.p99Ms ?? null },
				],
			]),
		),
	};
}

/** Over all cases: how each query grows. */
export function growthMetrics(
	queries: readonly QueryFile[],
): Record<string, Metric<readonly WindowFacts[]>> {
	return Object.fromEntries(
		queries.map((query): [string, Metric<readonly WindowFacts[]>] => [
			`${nameOf(query.id)}_growth_exponent`,
			{
				unit: "ratio",
				direction: "lower",
				portability: "machine",
				measure: (cases) => growthOf([query], workOfAll(cases))[0]!.growth?.exponent ?? null,
			},
		]),
	);
}

function nameOf(id: string): string {
	return id.replaceAll("-", "_");
}
