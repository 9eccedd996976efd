import {
	type Check,
	countOf,
	detector,
	type Judgement,
	medianOf,
	msOf,
	noneWrong,
	shapedCount,
	tallyOf,
} from "faultline";
import { type DriftFacts, guardTrials, wrongMappings } from "./record.ts";

/** What the mapping is as a detector: it asks about what is ambiguous, and follows what is not. */
export const mappingAsDetector = detector(guardTrials);

const rowsKept: Check<DriftFacts> = {
	kind: "correctness",
	judge({ observed: { target }, expected }) {
		const lost = Math.max(0, expected.target.rowCount - target.distinctCount);
		const doubled = target.rowCount - target.distinctCount;
		const foreign = Math.max(0, target.distinctCount - expected.target.rowCount);
		return {
			over: expected.target.rowCount,
			ok: lost + doubled + foreign === 0,
			expected: { rowCount: expected.target.rowCount },
			actual: { rowCount: target.rowCount, distinctCount: target.distinctCount },
			message: `of ${expected.target.rowCount} orders ${lost} are lost, ${doubled} doubled, ${foreign} nobody wrote`,
		};
	},
};

/** Of every field, what it holds at every order. */
const valuesRight: Check<DriftFacts> = {
	kind: "correctness",
	judge({ observed: { target }, expected }) {
		const wanted = Object.entries(expected.target.digests);
		const wrong = wanted.flatMap(([field, digest]) =>
			target.digests[field] === digest
				? []
				: [Object.hasOwn(target.digests, field) ? field : `${field} (not there)`],
		);
		const more = Object.keys(target.digests).filter(
			(field) => !Object.hasOwn(expected.target.digests, field),
		);
		return {
			over: wanted.length,
			ok: wrong.length === 0 && more.length === 0,
			expected: { wrong: [], more: [] },
			actual: { wrong, more },
			message:
				wrong.length + more.length === 0
					? `all ${wanted.length} columns of the target hold at every order what they should`
					: `of ${wanted.length} columns of the target these hold something else: ${[...wrong, ...more.map((name) => `${name} (should not be there)`)].join(", ")}`,
		};
	},
};

/** A wrong guess is worse than a stop: it is looked for beside the values, which may be the same by chance. */
const nothingGuessed: Check<DriftFacts> = {
	kind: "correctness",
	judge(facts) {
		const wrong = wrongMappings(facts);
		const all = facts.observed.rounds.reduce(
			(sum, { result }) => sum + (result?.kind === "loaded" ? result.mapped.length : 0),
			0,
		);
		return noneWrong({
			over: all,
			wrong,
			held: `all ${all} fields of all batches were taken from where they are`,
			broken: `of ${all} fields of all batches ${wrong.length} were taken from elsewhere`,
		});
	},
};

const stopsChangeNothing: Check<DriftFacts> = {
	kind: "correctness",
	judge({ observed }) {
		const stops = observed.rounds.filter(({ asked }) => asked !== null);
		const changed = stops.filter(({ asked }) => !asked!.unchanged);
		return noneWrong({
			// A job that never asks has not shown this, and is caught elsewhere.
			over: null,
			wrong: changed.map(({ round }) => `round ${round}`),
			held: `the target was as before at all ${stops.length} stops`,
			broken: `at ${changed.length} of ${stops.length} stops the target had changed`,
		});
	},
};

const rerunsChangeNothing: Check<DriftFacts> = {
	kind: "correctness",
	judge({ observed }) {
		const run = observed.rounds.filter(({ rerun }) => rerun !== null);
		const differing = run.filter(({ rerun }) => rerun !== "same");
		return noneWrong({
			over: run.length,
			wrong: differing.map(({ round, rerun }) => `round ${round} (${rerun})`),
			held: `all ${run.length} batches that were run once more changed nothing`,
			broken: `of ${run.length} batches that were run once more ${differing.length} changed the target or broke`,
		});
	},
};

const logReplays: Check<DriftFacts> = {
	kind: "correctness",
	judge({ observed: { replayed, target } }) {
		const ok =
			replayed?.kind === "played" &&
			replayed.sameColumns &&
			replayed.onlyInTarget + replayed.onlyInReplay === 0;
		return {
			over: target.rowCount,
			ok,
			expected: { kind: "played", sameColumns: true, onlyInTarget: 0, onlyInReplay: 0 },
			actual: replayed,
			message: `the log, played into an empty schema, ${replayText(replayed, target.rowCount)}`,
		};
	},
};

function replayText(replayed: DriftFacts["observed"]["replayed"], rowCount: number): string {
	if (replayed === null) return "makes nothing: there is no log";
	if (replayed.kind === "broke") return `breaks: ${replayed.error}`;
	const { sameColumns, onlyInTarget, onlyInReplay } = replayed;
	if (!sameColumns) return "makes other columns than the target has";
	if (onlyInTarget + onlyInReplay === 0) return `makes the same columns and ${rowCount} rows`;
	return `makes other rows: ${onlyInTarget} are only in the target, ${onlyInReplay} only in what was played`;
}

const nothingHalfLoaded: Check<DriftFacts> = {
	kind: "correctness",
	judge({ observed: { reads }, expected: { wholeCounts } }) {
		const whole = new Set(wholeCounts);
		const half = reads.filter(({ rowCount }) => !whole.has(rowCount));
		const all = reads.reduce((sum, { count }) => sum + count, 0);
		const halfCount = half.reduce((sum, { count }) => sum + count, 0);
		return {
			over: all,
			ok: halfCount === 0,
			expected: { halfCount: 0 },
			actual: { halfCount, half: half.slice(0, 10) },
			message:
				halfCount === 0
					? `all ${all} reads saw whole batches`
					: `of ${all} reads ${halfCount} saw part of a batch, the first ${half[0]!.rowCount} orders`,
		};
	},
};

/** What is in the target, and how it got there. */
export const warehouse = {
	checks: {
		"rows-kept": rowsKept,
		"values-right": valuesRight,
		"nothing-guessed": nothingGuessed,
		"stops-change-nothing": stopsChangeNothing,
		"reruns-change-nothing": rerunsChangeNothing,
		"log-replays": logReplays,
		"nothing-half-loaded": nothingHalfLoaded,
	},
	metrics: {
		fields_auto_mapped_pct: {
			unit: "pct",
			direction: "higher",
			portability: "exact",
			measure: ({ observed }) => {
				const mapped = mappedIn(observed);
				const byThemselves = mapped.filter(({ how }) => how !== "answer").length;
				return mapped.length === 0 ? null : (100 * byThemselves) / mapped.length;
			},
		},
		fields_renamed_count: tallyOf(
			({ observed }) =>
				mappedIn(observed).filter(({ how }) => how === "rename" || how === "alias").length,
		),
		ambiguous_stopped_count: tallyOf(
			({ observed }) => observed.rounds.filter(({ asked }) => asked !== null).length,
		),
		wrong_mapping_count: countOf((facts) => wrongMappings(facts).length),
		rows_lost_count: countOf(({ observed, expected }) =>
			Math.max(0, expected.target.rowCount - observed.target.distinctCount),
		),
		rerun_diff_count: countOf(
			({ observed }) =>
				observed.rounds.filter(({ rerun }) => rerun !== null && rerun !== "same").length,
		),
		batch_p50_ms: msOf(({ observed }) =>
			medianOf(
				observed.rounds.flatMap(({ interrupted, verdictMs }) =>
					interrupted.length === 0 ? [verdictMs] : [],
				),
			),
		),
		runs_interrupted_count: shapedCount(({ observed }) =>
			observed.rounds.reduce((sum, { interrupted }) => sum + interrupted.length, 0),
		),
	},
} satisfies Judgement<DriftFacts>;

function mappedIn({ rounds }: DriftFacts["observed"]) {
	return rounds.flatMap(({ result }) => (result?.kind === "loaded" ? result.mapped : []));
}
