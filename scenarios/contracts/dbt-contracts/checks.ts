import {
	answeredRight,
	type Check,
	countOf,
	detector,
	type Judgement,
	medianOf,
	msOf,
	noneWrong,
	shapedCount,
} from "faultline";
import { type ContractFacts, gone, guardTrials, nothing } from "./record.ts";

/** What the gate is as a detector. */
export const gateAsDetector = detector(guardTrials);

/** What was published of a change that does not violate the contract is what the seed says, row by row. */
const martsRight: Check<ContractFacts> = {
	kind: "correctness",
	judge({ observed, expected }) {
		const judged = observed.published.flatMap(({ trial, digests }) => {
			const wanted = expected.trials[trial]?.digests ?? null;
			return wanted === null ? [] : [{ trial, digests, wanted }];
		});
		const wrong = judged.filter(({ digests, wanted }) => digests !== wanted);
		return noneWrong({
			over: judged.length,
			wrong: wrong.map(
				({ trial, digests, wanted }) =>
					`trial ${trial}, ${expected.trials[trial]!.text}: ${digests} instead of ${wanted}`,
			),
			held: `all marts of ${judged.length} publications have the rows that the seed says`,
			broken: `of ${judged.length} publications ${wrong.length} have other rows than the seed says`,
		});
	},
};

/** Whatever consumers read was published as a whole; and what they would read now is what was published last. */
const nothingHalfBuilt: Check<ContractFacts> = {
	kind: "correctness",
	judge({ observed: { published, reads, now } }) {
		const whole = new Set([nothing, ...published.map(({ digests }) => digests)]);
		const readsCount = reads.reduce((sum, { count }) => sum + count, 0);
		const half = reads.filter(({ seen }) => !whole.has(seen));
		const halfCount = half.reduce((sum, { count }) => sum + count, 0);
		const last = published.at(-1)?.digests ?? nothing;
		const problems = [
			...(halfCount === 0
				? []
				: [`${halfCount} saw ${half[0]!.seen === gone ? "no marts" : "what was never published"}`]),
			...(now === last ? [] : ["what is there now is not what was published last"]),
		];
		return {
			over: readsCount,
			ok: problems.length === 0,
			expected: { halfCount: 0, now: last },
			actual: { halfCount, half: half.slice(0, 3).map(({ seen }) => seen), now },
			message:
				problems.length === 0
					? `all ${readsCount} reads saw one of ${published.length} publications, whole`
					: `of ${readsCount} reads: ${problems.join("; ")}`,
		};
	},
};

/** A gate that was interrupted ends, asked again, as it would have: with the right verdict, and the right marts. */
const interruptedEndRight: Check<ContractFacts> = {
	kind: "correctness",
	shapedBy: "timing",
	judge({ observed, expected }) {
		const published = new Map(observed.published.map(({ trial, digests }) => [trial, digests]));
		const interrupted = observed.trials.filter(({ interrupted }) => interrupted.length > 0);
		const wrong = interrupted.filter(({ trial, verdict }) => {
			const { truth, digests } = expected.trials[trial]!;
			const isPublished = verdict.kind === "passed" && published.get(trial) === digests;
			const isHeldBack = verdict.kind === "blocked" && !published.has(trial);
			return !answeredRight({ truth, verdict }) || !(isPublished || isHeldBack);
		});
		const judged = noneWrong({
			over: interrupted.length,
			wrong: wrong.map(({ trial }) => `trial ${trial}`),
			held: `all ${interrupted.length} trials whose gate was interrupted ended as they should`,
			broken: `of ${interrupted.length} trials whose gate was interrupted ${wrong.length} did not end as they should`,
		});
		const interruptions = interrupted.map(({ trial, interrupted }) => ({ trial, interrupted }));
		return { ...judged, actual: { ...judged.actual, interruptions } };
	},
};

/** What is published, and when. */
export const publication = {
	checks: {
		"marts-right": martsRight,
		"nothing-half-built": nothingHalfBuilt,
		"interrupted-end-right": interruptedEndRight,
	},
} satisfies Judgement<ContractFacts>;

/** What dbt's own start costs a trial, and all the rest of it; and how much harm the contract does not see. */
export const costs: Judgement<ContractFacts> = {
	metrics: {
		dbt_start_p50_ms: msOf(({ observed }) =>
			medianOf(observed.trials.flatMap(({ startMs }) => startMs ?? [])),
		),
		warm_trial_p50_ms: msOf(({ observed }) =>
			medianOf(observed.trials.flatMap(({ warmMs }) => warmMs ?? [])),
		),
		gate_interrupted_count: shapedCount(({ observed }) =>
			observed.trials.reduce((sum, { interrupted }) => sum + interrupted.length, 0),
		),
		outside_changed_rows_count: countOf(({ expected }) =>
			expected.trials.reduce(
				(sum, { truth, changedRows }) => sum + (truth.kind === "outside" ? changedRows : 0),
				0,
			),
		),
	},
};
