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
import type { Found } from "./readings.ts";

type SchemaFacts = Facts<unknown, Observed, null>;

/** The registry between those who write and those who read. */
export const gate = detector<SchemaFacts>(({ observed }) => observed.trials);

export const events: Judgement<SchemaFacts>[] = [
	acceptedOnce("events-once", "events", ({ observed }) => observed.events),
	lostAndDoubled(({ observed }) => observed.events),
];

/** Whoever was promised to read something reads it, and as what was written. */
export const reading: Judgement<SchemaFacts> = {
	checks: {
		"values-read": {
			kind: "correctness",
			judge({ observed: { readings } }) {
				const { unreadable, corrupted, pairs } = readings;
				return {
					over: readings.readings,
					ok: unreadable.count === 0 && corrupted.count === 0,
					expected: { unreadable: 0, corrupted: 0 },
					actual: { unreadable, corrupted },
					message: `of ${readings.readings} readings of ${readings.messages} messages, by ${pairs} pairs of versions, ${unreadable.count} failed${first(unreadable)}, and ${corrupted.count} gave another value${first(corrupted)}`,
				};
			},
		},
		"written-by-accepted": {
			kind: "correctness",
			judge({ observed: { readings } }) {
				const { messages, unregistered } = readings;
				return {
					over: messages,
					ok: unregistered.count === 0,
					expected: { unregistered: 0 },
					actual: { unregistered },
					message: `of ${messages} messages ${unregistered.count} were written with a schema that was not accepted${first(unregistered)}`,
				};
			},
		},
	},
	metrics: {
		breaking_changes_detected_count: {
			unit: "count",
			direction: "higher",
			portability: "exact",
			measure: ({ observed: { trials } }) =>
				trials.filter(
					({ truth, verdict }) => truth.kind === "violating" && verdict.kind === "blocked",
				).length,
		},
		unreadable_count: countOf(({ observed }) => observed.readings.unreadable.count),
		corrupted_count: countOf(({ observed }) => observed.readings.corrupted.count),
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
