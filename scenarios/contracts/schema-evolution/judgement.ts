import {
	acceptedOnce,
	countOf,
	detector,
	type Facts,
	type Judgement,
	lostAndDoubled,
	msOf,
	shapedCount,
} from "faultline";
import type { Observed } from "./observe.ts";
import type { Found, Readings } from "./readings.ts";

type SchemaFacts = Facts<unknown, Observed, null>;

/** The registry between those who write and those who read. */
export const gate = detector<SchemaFacts>(({ observed }) => observed.trials, {
	caught: "breaking_changes_detected_count",
	falseAlarms: "false_alarm_count",
});

export const events: Judgement<SchemaFacts>[] = [
	acceptedOnce("events-once", "events", ({ observed }) => observed.events),
	lostAndDoubled(({ observed }) => observed.events),
];

export const archived = acceptedOnce<SchemaFacts>(
	"archived-once",
	"events of the topic",
	({ observed }) => observed.archive.rows,
);

/** Whoever was promised to read something reads it, and as what was written; `written` is that, in the plural. */
function reads(
	checks: { read: string; accepted: string },
	written: string,
	readingsOf: (observed: Observed) => Readings,
): Judgement<SchemaFacts> {
	return {
		checks: {
			[checks.read]: {
				kind: "correctness",
				judge({ observed }) {
					const readings = readingsOf(observed);
					const { unreadable, corrupted, pairs } = readings;
					return {
						over: readings.readings,
						ok: unreadable.count === 0 && corrupted.count === 0,
						expected: { unreadable: 0, corrupted: 0 },
						actual: { unreadable, corrupted },
						message: `of ${readings.readings} readings of ${readings.written} ${written}, by ${pairs} pairs of versions, ${unreadable.count} failed${first(unreadable)}, and ${corrupted.count} gave another value${first(corrupted)}`,
					};
				},
			},
			[checks.accepted]: {
				kind: "correctness",
				judge({ observed }) {
					const { written: count, unregistered } = readingsOf(observed);
					return {
						over: count,
						ok: unregistered.count === 0,
						expected: { unregistered: 0 },
						actual: { unregistered },
						message: `of ${count} ${written} ${unregistered.count} were written with a schema that was not accepted${first(unregistered)}`,
					};
				},
			},
		},
	};
}

export const readings = [
	reads(
		{ read: "values-read", accepted: "written-by-accepted" },
		"messages",
		({ readings }) => readings,
	),
	reads(
		{ read: "columns-read", accepted: "archived-by-accepted" },
		"rows",
		({ archive }) => archive.readings,
	),
];

export const counts: Judgement<SchemaFacts> = {
	metrics: {
		unreadable_count: countOf(({ observed }) => observed.readings.unreadable.count),
		corrupted_count: countOf(({ observed }) => observed.readings.corrupted.count),
		parquet_readings_count: {
			unit: "count",
			direction: "higher",
			portability: "bounded",
			measure: ({ observed }) => observed.archive.readings.readings,
		},
		parquet_unreadable_count: countOf(({ observed }) => observed.archive.readings.unreadable.count),
		parquet_corrupted_count: countOf(({ observed }) => observed.archive.readings.corrupted.count),
		versions_count: shapedCount(({ observed }) => observed.versions),
		asked_again_count: shapedCount(({ observed }) =>
			observed.answers.reduce((sum, { tries }) => sum + tries - 1, 0),
		),
		recovery_ms: msOf(recoveryMs),
	},
};

/** From the registry's return after the last fault that took it away to its next verdict; null where it never was. */
function recoveryMs({ faults, observed: { answers } }: SchemaFacts): number | null {
	const back = faults.findLast(({ kind, on }) => on === "registry" && kind !== "latency")?.healedMs;
	if (back === undefined || back === null) return null;
	const next = answers.map(({ atMs }) => atMs).filter((atMs) => atMs >= back);
	return next.length === 0 ? null : Math.min(...next) - back;
}

function first({ first }: Found): string {
	return first.length === 0 ? "" : ` (${first[0]})`;
}
