import {
	answeredRight,
	type JudgedSet,
	type Judgement,
	medianOf,
	msOf,
	noneWrong,
	shapedCount,
	tallyOf,
} from "faultline";
import type { MainCommit } from "../forge/seen.ts";
import { isProposal, main } from "./refs.ts";
import type { Told } from "./said.ts";
import type { Pushes } from "./trial.ts";

/** What is seen of a gate and of the repositories behind it when a run is over. */
export interface MergingSeen {
	repositories: readonly { name: string; mains: readonly MainCommit[] }[];
	/** What the gate says that it has said. */
	told: readonly Told[];
	pushes: Pushes;
	/** Mains that readers saw, and how often. */
	reads: readonly { oid: string; count: number }[];
	/** Paths of mains whose text is not what the seed says, or that should not be there, or are not. */
	wrongFiles: readonly string[];
	filesCount: number;
	/** What checks have left in scratch databases. */
	left: readonly string[];
}

/** What is merged behind a gate, and what it costs. */
export function merging<F>(seenIn: (facts: F) => MergingSeen) {
	const check = (judge: (seen: MergingSeen) => JudgedSet) => ({
		kind: "correctness" as const,
		judge: (facts: F) => judge(seenIn(facts)),
	});
	const proposals = (facts: F) => checkTimes(seenIn(facts));
	return {
		checks: {
			"main-checked": check(mainChecked),
			"main-right": check(mainRight),
			"scratch-clean": check(scratchClean),
			"reads-checked": check(readsChecked),
			"interrupted-end-right": { ...check(interruptedEndRight), shapedBy: "timing" },
		},
		metrics: {
			merges_count: tallyOf<F>((facts) => mergesIn(seenIn(facts))),
			gate_p50_ms: msOf<F>((facts) => medianOf(proposals(facts))),
			gate_p95_ms: msOf<F>((facts) => {
				const sorted = proposals(facts).toSorted((a, b) => a - b);
				return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? null;
			}),
			warm_trial_p50_ms: msOf<F>((facts) => medianOf(seenIn(facts).pushes.warmTimesMs)),
			gate_interrupted_count: shapedCount<F>((facts) =>
				seenIn(facts).pushes.interrupted.reduce((sum, { reasons }) => sum + reasons.length, 0),
			),
		},
		charts: {
			"gate-latency": {
				title: "How long the gate takes, by how much there is to be done",
				x: { label: "question, number" },
				y: { label: "from the question to the answer, ms" },
				series: (facts) =>
					(["proposals", "merges"] as const).map((label) => ({
						label,
						points: seenIn(facts).told.flatMap(([, ref, , , , tookMs], n): [number, number][] =>
							(ref === main) === (label === "merges") ? [[n, tookMs]] : [],
						),
					})),
			},
		},
	} satisfies Judgement<F>;
}

/** What mains have been but the first, and why each may not have been; the first was there before the gate. */
function unchecked({ repositories, told }: MergingSeen): { commit: MainCommit; why: string }[] {
	return repositories.flatMap(({ name, mains }) => {
		const passed = told.filter(
			([repository, , , , verdict]) => repository === name && verdict === "passed",
		);
		const proposed = new Set(
			passed.flatMap(([, ref, , after]) => (isProposal(ref) ? [after] : [])),
		);
		const merged = new Set(
			passed.flatMap(([, ref, before, after]) => (ref === main ? [`${before} ${after}`] : [])),
		);
		return mains.slice(0, -1).flatMap((commit) => {
			const { oid, parents } = commit;
			const [first = "", second] = parents;
			if (parents.length !== 2) return [{ commit, why: "is no merge" }];
			if (!merged.has(`${first} ${oid}`)) return [{ commit, why: "was never let pass" }];
			return proposed.has(second!) ? [] : [{ commit, why: "merges what was never let pass" }];
		});
	});
}

function mergesIn({ repositories }: MergingSeen): number {
	return repositories.reduce((sum, { mains }) => sum + mains.length - 1, 0);
}

function mainChecked(seen: MergingSeen): JudgedSet {
	const found = unchecked(seen);
	const merges = mergesIn(seen);
	return noneWrong({
		over: merges,
		wrong: found.map(({ commit, why }) => `${commit.oid} ${why}`),
		held: `all ${merges} merges are of proposals that passed, and passed themselves`,
		broken: `of ${merges} commits of main ${found.length} were not checked`,
	});
}

function mainRight({ wrongFiles, filesCount }: MergingSeen): JudgedSet {
	return noneWrong({
		over: filesCount,
		wrong: wrongFiles,
		held: `all ${filesCount} files of main have the text that the seed says`,
		broken: `of the files of main ${wrongFiles.length} are not what the seed says`,
	});
}

function scratchClean({ left }: MergingSeen): JudgedSet {
	return noneWrong({
		over: null,
		wrong: left,
		held: "nothing of any check is left in the scratch database",
		broken: `checks have left ${left.length} things in the scratch database`,
	});
}

function readsChecked(seen: MergingSeen): JudgedSet {
	const wrong = new Set(unchecked(seen).map(({ commit }) => commit.oid));
	const mains = seen.repositories.flatMap(({ mains }) => mains.map(({ oid }) => oid));
	const good = new Set(mains.filter((oid) => !wrong.has(oid)));
	const countOf = (some: MergingSeen["reads"]) => some.reduce((sum, { count }) => sum + count, 0);
	const all = countOf(seen.reads);
	const bad = seen.reads.filter(({ oid }) => !good.has(oid));
	return noneWrong({
		over: all,
		wrong: bad.map(({ oid, count }) => `${oid} ${count} times`),
		held: `all ${all} who looked saw a main that had passed`,
		broken: `of ${all} who looked ${countOf(bad)} saw a main that had not passed, or is no longer one`,
	});
}

/** A push that came to no verdict ends, pushed again, as it would have. */
function interruptedEndRight({ pushes: { interrupted }, told }: MergingSeen): JudgedSet {
	const wrong = interrupted.filter((trial) => !answeredRight(trial));
	const judged = noneWrong({
		// Where there is no gate nothing interrupts it.
		over: told.length === 0 ? null : interrupted.length,
		wrong: wrong.map(({ name }) => name),
		held: `all ${interrupted.length} changes whose pushes were interrupted ended as they should`,
		broken: `of ${interrupted.length} changes whose pushes were interrupted ${wrong.length} did not end as they should`,
	});
	const interruptions = interrupted.map(({ name, reasons }) => `${name}: ${reasons.join("; ")}`);
	return { ...judged, actual: { ...judged.actual, interruptions } };
}

/** Of the questions about proposals that had an answer: those about merges are mostly known by then. */
function checkTimes({ told }: MergingSeen): number[] {
	return told.flatMap(([, ref, , , verdict, tookMs]) =>
		verdict !== "none" && isProposal(ref) ? [tookMs] : [],
	);
}
