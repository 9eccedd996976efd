import type { Json } from "../../base/json.ts";
import type { Check } from "../scenario.ts";
import { compareRows, wrongOf } from "./answers.ts";
import { changedPlans, type RecordedPlans } from "./plans.ts";
import type { QueryFile } from "./query-file.ts";
import type { WindowFacts } from "./record.ts";
import { growthOf, growthText, type Work } from "./work.ts";

/** The table holds what the orders made again from the seed hold. */
export const tableComplete: Check<WindowFacts> = {
	kind: "correctness",
	judge({ observed, expected }) {
		const parts = Object.keys(expected.loaded) as (keyof typeof expected.loaded)[];
		const differing = parts.filter((part) => observed.loaded[part] !== expected.loaded[part]);
		return {
			over: expected.loaded.rows,
			ok: differing.length === 0,
			expected: expected.loaded,
			actual: observed.loaded,
			message:
				differing.length === 0
					? `all ${expected.loaded.rows} orders are in the table`
					: `the table has ${observed.loaded.rows} of ${expected.loaded.rows} orders; ${differing.join(", ")} differ`,
		};
	},
};

/** Undisturbed, every row of every query is the oracle's. */
export const rowsEqual: Check<WindowFacts> = {
	kind: "correctness",
	judge({ observed, expected }) {
		const { rowsCount, equalCount, differences } = compareRows(observed.answers, expected.answers);
		const wrong = [...new Set(differences.map(({ query }) => query))];
		return {
			over: rowsCount,
			ok: rowsCount > 0 && equalCount === rowsCount,
			expected: { equalCount: rowsCount },
			actual: { equalCount, differences },
			message:
				wrong.length === 0
					? `${equalCount} of ${rowsCount} rows are the oracle's`
					: `${equalCount} of ${rowsCount} rows are the oracle's; wrong in ${wrong.join(", ")}`,
		};
	},
};

/** Every answer that the load was given is the oracle's, and some were given while the faults acted. */
export const answersEqual: Check<WindowFacts> = {
	kind: "correctness",
	judge({ observed: { given }, expected }) {
		const count = (list: typeof given) =>
			list.reduce((sum, { answersCount }) => sum + answersCount, 0);
		const wrong = wrongOf(given, expected.answers);
		const underFaults = count(given.filter(({ phase }) => phase === "faulting"));
		return {
			over: underFaults,
			ok: wrong.length === 0,
			expected: { wrongCount: 0, underFaultsAtLeast: 1 },
			actual: {
				wrongCount: count(wrong),
				underFaultsCount: underFaults,
				wrong: wrong.slice(0, 10),
			},
			message: `of ${count(given)} answers, ${underFaults} of them while the faults acted, ${count(wrong)} are wrong`,
		};
	},
};

/** The server goes the ways that were recorded. A changed plan may be a better one: it is to be seen, and recorded. */
export function plansAsRecorded(recorded: RecordedPlans): Check<WindowFacts> {
	return {
		kind: "performance",
		judge({ observed: { postgres, work } }) {
			const changed = changedPlans(recorded, postgres, work);
			const message =
				changed === null
					? `no plans of Postgres ${postgres} are recorded for these sizes`
					: changed.length === 0
						? `all ${work.length} plans are recorded ones`
						: `changed plans: ${changed.map(({ query, rows, is }) => `${query} at ${rows} rows is now ${is}`).join("; ")}`;
			return {
				ok: changed === null || changed.length === 0,
				expected: [],
				actual: changed,
				message,
			};
		},
	};
}

/** Each query's time grows as its file states. */
export function growthAsStated(queries: readonly QueryFile[]): Check<readonly WindowFacts[]> {
	return {
		kind: "performance",
		judge(cases) {
			const growths = growthOf(queries, workOfAll(cases));
			const off = growths.filter(({ agrees }) => !agrees);
			const texts = (list: typeof growths): Record<string, Json> =>
				Object.fromEntries(list.map(({ query, growth }) => [query, growthText(growth)]));
			return {
				ok: off.length === 0,
				expected: Object.fromEntries(
					growths.map(({ query, band }) => [query, `${band.low}..${band.high}`]),
				),
				actual: texts(growths),
				message:
					off.length === 0
						? `the times of all ${growths.length} queries grow as their files state`
						: off
								.map(
									({ query, growth, band }) =>
										`${query} grows with an exponent of ${growthText(growth)}, stated is ${band.low}..${band.high}`,
								)
								.join("; "),
			};
		},
	};
}

export function workOfAll(cases: readonly WindowFacts[]): Work[] {
	return cases.flatMap(({ observed }) => observed.work);
}
