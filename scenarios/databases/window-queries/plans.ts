import { readFileSync } from "node:fs";
import type { JsonObject } from "faultline";
import type { Work } from "./work.ts";

/**
 * `plans.json`: the shapes of each query's plans by size of the table, as one major version of Postgres made them. There
 * are several where two ways cost about the same, and the data of a seed decides.
 */
export interface RecordedPlans {
	postgres: number;
	/** Query → rows → shapes. */
	shapes: Record<string, Record<string, string[]>>;
}

export const recordedPlans = JSON.parse(
	readFileSync(new URL("plans.json", import.meta.url), "utf8"),
) as RecordedPlans;

export interface ChangedPlan extends JsonObject {
	query: string;
	rows: number;
	was: string[];
	is: string;
}

/**
 * The plans that are not the recorded ones. Null where nothing was recorded to hold them against: of another major
 * version of Postgres, or of none of these sizes.
 */
export function changedPlans(
	recorded: RecordedPlans,
	postgres: number,
	work: readonly Work[],
): ChangedPlan[] | null {
	if (postgres !== recorded.postgres) return null;
	const known = work.flatMap(({ query, rows, shape: is }) => {
		const was = recorded.shapes[query]?.[rows];
		return was === undefined ? [] : [{ query, rows, was, is }];
	});
	return known.length === 0 ? null : known.filter(({ was, is }) => !was.includes(is));
}

/** What is to be told of the plans that runs of these sizes have: each changed one, with what was recorded. */
export function findings(
	recorded: RecordedPlans,
	postgres: number,
	work: readonly Work[],
): string[] {
	const changed = changedPlans(recorded, postgres, work);
	if (changed === null) return [`no plans of Postgres ${postgres} are recorded for these sizes`];
	return changed.map(
		({ query, rows, was, is }) =>
			`a plan has changed: ${query} at ${rows} rows was ${was.join(" or ")}, is ${is}`,
	);
}

/** What was recorded, with all plans that these runs saw in place of those of the same sizes. */
export function withPlansOf(
	recorded: RecordedPlans,
	postgres: number,
	work: readonly Work[],
): RecordedPlans {
	const shapes = postgres === recorded.postgres ? structuredClone(recorded.shapes) : {};
	for (const [query, own] of Map.groupBy(work, ({ query }) => query)) {
		for (const [rows, same] of Map.groupBy(own, ({ rows }) => rows)) {
			shapes[query] ??= {};
			shapes[query][rows] = [...new Set(same.map(({ shape }) => shape))].sort();
		}
	}
	return { postgres, shapes };
}
