import type { Check } from "faultline";
import { compareRows, wrongOf } from "./answers.ts";
import { indexesIn } from "./explain.ts";
import { changedPlans, findings, type RecordedPlans } from "./plans.ts";
import type { QueryFile } from "./query-file.ts";
import type { WindowFacts } from "./record.ts";
import { growthOf, growthText, type QueryGrowth, upgradedWork, type Work } from "./work.ts";

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

/** Every answer that the load was given is the oracle's; without one that was given while the faults acted, who knows. */
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

/**
 * Each query's plan reads the index that its file wants, from the size of the table on that the file says. Plans that
 * are not recorded ones are told with it: they may be better ones, and fail nothing.
 */
export function indexesUsed(
	queries: readonly QueryFile[],
	recorded: RecordedPlans,
): Check<WindowFacts> {
	return {
		kind: "performance",
		judge({ observed: { postgres, work } }) {
			const wanted = wantedPlans(queries, work);
			const without = wanted.filter(({ used }) => !used);
			const texts = without.map(
				({ query, rows, index, shape }) =>
					`${query} at ${rows} rows does not use ${index}: ${shape}`,
			);
			const held = `all ${wanted.length} plans that should use an index do`;
			return {
				ok: without.length === 0,
				expected: { without: [] },
				actual: {
					without: without.map(({ query, rows, index }) => ({ query, rows, index })),
					changed: changedPlans(recorded, postgres, work),
				},
				message: [
					...(texts.length === 0 ? [held] : texts),
					...findings(recorded, postgres, work),
				].join("; "),
			};
		},
	};
}

/** For each query that wants an index, at each size from which on it does: whether its plan reads it. */
function wantedPlans(queries: readonly QueryFile[], work: readonly Work[]) {
	const sizes = [...new Set(work.map(({ rows }) => rows))];
	return queries.flatMap(({ id: query, index }) => {
		if (index === null) return [];
		const demanded = sizes.filter((rows) => rows >= index.fromRows);
		return demanded.map((rows) => {
			const shape = work.find((each) => each.query === query && each.rows === rows)?.shape;
			return {
				query,
				rows,
				index: index.name,
				shape: shape ?? "it has no plan",
				used: shape !== undefined && indexesIn(shape).includes(index.name),
			};
		});
	});
}

/** Each query's time grows as its file states. */
export function growthAsStated(queries: readonly QueryFile[]): Check<readonly WindowFacts[]> {
	return {
		kind: "performance",
		judge(cases) {
			const growths = growthOf(queries, workOfAll(cases));
			const text = ({ query, growth, band }: QueryGrowth) =>
				`${query} grows with an exponent of ${growthText(growth)}, stated is ${band.low}..${band.high}`;
			const off = growths.filter(({ told }) => told === "otherwise");
			const open = growths.filter(({ told }) => told === "cannot_tell");
			const judged = {
				expected: Object.fromEntries(
					growths.map(({ query, band }) => [query, `${band.low}..${band.high}`]),
				),
				actual: Object.fromEntries(growths.map(({ query, growth }) => [query, growthText(growth)])),
			};
			if (off.length > 0) return { ...judged, ok: false, message: off.map(text).join("; ") };
			if (open.length > 0)
				return { ...judged, ok: "cannot_tell_here", message: open.map(text).join("; ") };
			return {
				...judged,
				ok: true,
				message: `the times of all ${growths.length} queries grow as their files state`,
			};
		},
	};
}

export function workOfAll(cases: readonly WindowFacts[]): Work[] {
	return cases.flatMap(({ observed }) => observed.work.map(upgradedWork));
}
