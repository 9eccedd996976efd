import {
	answeredRight,
	type Check,
	detector,
	type Facts,
	type Judgement,
	medianOf,
	msOf,
	noneWrong,
	shapedCount,
	tallyOf,
} from "faultline";
import { isProposal, main } from "./gate/refs.ts";
import type { MainCommit, Observed } from "./observe.ts";

type GateFacts = Facts<unknown, Observed, null>;

/** The gate between those who propose and main. */
export const gate = detector<GateFacts>(({ observed }) => observed.trials, {
	caught: "violations_prevented_count",
	falseAlarms: "false_block_count",
});

/** What main has been but the first, and why each may not have been; the first was there before the gate. */
function unchecked({ mains, said }: Observed): { commit: MainCommit; why: string }[] {
	const passed = said.flatMap(({ verdict, updates }) => (verdict === "passed" ? updates : []));
	const proposed = new Set(passed.flatMap(({ ref, after }) => (isProposal(ref) ? [after] : [])));
	const merged = new Set(
		passed.flatMap(({ ref, before, after }) => (ref === main ? [`${before} ${after}`] : [])),
	);
	return mains.slice(0, -1).flatMap((commit) => {
		const { oid, parents } = commit;
		const [first = "", second] = parents;
		if (parents.length !== 2) return [{ commit, why: "is no merge" }];
		if (!merged.has(`${first} ${oid}`)) return [{ commit, why: "was never let pass" }];
		return proposed.has(second!) ? [] : [{ commit, why: "merges what was never let pass" }];
	});
}

const mainChecked: Check<GateFacts> = {
	kind: "correctness",
	judge({ observed }) {
		const found = unchecked(observed);
		const merges = observed.mains.length - 1;
		return noneWrong({
			over: merges,
			wrong: found.map(({ commit, why }) => `${commit.oid.slice(0, 12)} ${why}`),
			held: `all ${merges} merges are of proposals that passed, and passed themselves`,
			broken: `of ${merges} commits of main ${found.length} were not checked`,
		});
	},
};

const mainRight: Check<GateFacts> = {
	kind: "correctness",
	judge({ observed: { wrongFiles, filesCount } }) {
		return noneWrong({
			over: filesCount,
			wrong: wrongFiles,
			held: `all ${filesCount} files of main have the text that the seed says`,
			broken: `of the files of main ${wrongFiles.length} are not what the seed says`,
		});
	},
};

const rebuildsRight: Check<GateFacts> = {
	kind: "correctness",
	judge({ observed: { rebuilt } }) {
		const { wrong, tablesCount } = rebuilt;
		return noneWrong({
			over: tablesCount,
			wrong,
			held: `main's migrations make all ${tablesCount} tables with the columns, keys and rows that the seed says`,
			broken: "main's migrations make something else",
		});
	},
};

const scratchClean: Check<GateFacts> = {
	kind: "correctness",
	judge({ observed: { left } }) {
		return noneWrong({
			over: null,
			wrong: left,
			held: "nothing of any check is left in the scratch database",
			broken: `checks have left ${left.length} things in the scratch database`,
		});
	},
};

const readsChecked: Check<GateFacts> = {
	kind: "correctness",
	judge({ observed }) {
		const wrong = new Set(unchecked(observed).map(({ commit }) => commit.oid));
		const good = new Set(observed.mains.map(({ oid }) => oid).filter((oid) => !wrong.has(oid)));
		const all = observed.reads.reduce((sum, { count }) => sum + count, 0);
		const bad = observed.reads.filter(({ oid }) => !good.has(oid));
		const badCount = bad.reduce((sum, { count }) => sum + count, 0);
		return {
			over: all,
			ok: badCount === 0,
			expected: { uncheckedCount: 0 },
			actual: { uncheckedCount: badCount, unchecked: bad.slice(0, 5).map(({ oid }) => oid) },
			message:
				badCount === 0
					? `all ${all} who looked saw a main that had passed`
					: `of ${all} who looked ${badCount} saw a main that had not passed, or is no longer one: ${bad[0]!.oid.slice(0, 12)}`,
		};
	},
};

/** A push that came to no verdict ends, pushed again, as it would have. */
const interruptedEndRight: Check<GateFacts> = {
	kind: "correctness",
	shapedBy: "timing",
	judge({ observed: { receipts, said } }) {
		const interrupted = receipts.filter(({ interrupted }) => interrupted.length > 0);
		const wrong = interrupted.filter((trial) => !answeredRight(trial));
		const judged = noneWrong({
			// Where there is no gate nothing interrupts it.
			over: said.length === 0 ? null : interrupted.length,
			wrong: wrong.map(({ n, kind }) => `${n} ${kind}`),
			held: `all ${interrupted.length} changes whose pushes were interrupted ended as they should`,
			broken: `of ${interrupted.length} changes whose pushes were interrupted ${wrong.length} did not end as they should`,
		});
		const interruptions = interrupted.map(
			({ n, interrupted }) => `${n}: ${interrupted.join("; ")}`,
		);
		return { ...judged, actual: { ...judged.actual, interruptions } };
	},
};

/** What is merged, and what it costs. */
export const merging: Judgement<GateFacts> = {
	checks: {
		"main-checked": mainChecked,
		"main-right": mainRight,
		"rebuilds-right": rebuildsRight,
		"scratch-clean": scratchClean,
		"reads-checked": readsChecked,
		"interrupted-end-right": interruptedEndRight,
	},
	metrics: {
		merges_count: tallyOf(({ observed }) => observed.mains.length - 1),
		gate_p50_ms: msOf(({ observed }) => medianOf(checkTimes(observed))),
		gate_p95_ms: msOf(({ observed }) => {
			const sorted = checkTimes(observed).toSorted((a, b) => a - b);
			return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? null;
		}),
		warm_trial_p50_ms: msOf(({ observed }) =>
			medianOf(
				observed.receipts
					.slice(1)
					.flatMap(({ verdict, interrupted }) =>
						verdict.kind === "none" || interrupted.length > 0 ? [] : [verdict.timeMs],
					),
			),
		),
		gate_interrupted_count: shapedCount(({ observed }) =>
			observed.receipts.reduce((sum, { interrupted }) => sum + interrupted.length, 0),
		),
	},
	charts: {
		"gate-latency": {
			title: "How long the gate takes, by how much there is to be done",
			x: { label: "question, number" },
			y: { label: "from the question to the answer, ms" },
			series: ({ observed: { said } }) =>
				(["proposals", "merges"] as const).map((label) => ({
					label,
					points: said.flatMap(({ updates, tookMs }, n): [number, number][] =>
						updates.some(({ ref }) => ref === main) === (label === "merges") ? [[n, tookMs]] : [],
					),
				})),
		},
	},
};

/** Of the questions about proposals that had an answer: those about merges are mostly known by then. */
function checkTimes({ said }: Observed): number[] {
	return said.flatMap(({ updates, verdict, tookMs }) =>
		verdict !== "none" && updates.every(({ ref }) => isProposal(ref)) ? [tookMs] : [],
	);
}
