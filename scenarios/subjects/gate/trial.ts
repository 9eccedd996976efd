import {
	type GuardTrial,
	namesPlaceAndRule,
	OperationError,
	shrink,
	type Truth,
	type Verdict,
} from "faultline";
import type { Tried } from "../forge/clone.ts";
import { shortOid } from "../forge/seen.ts";

/** What is kept of a change that was brought to a gate. */
export type TrialReceipt = Tried & {
	n: number;
	kind: string;
	text: string;
	truth: Truth;
	/** Of a violating change that was merged, the smallest form that would be; null where nobody has looked for it. */
	smallest: string | null;
};

interface Changed {
	n: number;
	kind: string;
	truth: Truth;
}

/** How changes are brought, and made smaller. */
export interface Bringing<Change extends Changed> {
	textOf(change: Change): string;
	bring(change: Change, signal: AbortSignal): Promise<Tried>;
	canShrink(change: Change): boolean;
	/** Simpler forms of one that slipped through. */
	simpler(change: Change): Iterable<Change>;
	/** Whether such a form is taken as well, proposed under this name. */
	isTaken(change: Change, name: string): Promise<boolean>;
}

/** One trial: the change is brought until there is a verdict, and what slipped through is made smaller. */
export async function bringTrial<Change extends Changed>(
	change: Change,
	bringing: Bringing<Change>,
	shrinkTriesMax: number,
	signal: AbortSignal,
): Promise<TrialReceipt> {
	const { n, kind, truth } = change;
	const text = bringing.textOf(change);
	try {
		const tried = await bringing.bring(change, signal);
		const slipped = tried.verdict.kind === "passed" && truth.kind === "violating";
		const canShrink = slipped && bringing.canShrink(change) && shrinkTriesMax > 0;
		const smallest = canShrink ? await smallestOf(change, bringing, shrinkTriesMax) : null;
		return { n, kind, text, truth, smallest, ...tried };
	} catch (error) {
		if (signal.aborted) throw new OperationError("unknown", "deadline");
		throw error;
	}
}

async function smallestOf<Change extends Changed>(
	change: Change,
	{ textOf, simpler, isTaken }: Bringing<Change>,
	triesMax: number,
): Promise<string> {
	let tries = 0;
	const slips = (smaller: Change) => isTaken(smaller, `${change.n}-smaller-${++tries}`);
	return textOf((await shrink(change, simpler, slips, triesMax)).smallest);
}

/** Every change of a run, with what the gate said of it. */
export function guardTrialsOf(
	count: number,
	at: (n: number) => Pick<Changed, "kind" | "truth">,
	receipts: readonly TrialReceipt[],
): GuardTrial[] {
	const byNumber = new Map(receipts.map((receipt) => [receipt.n, receipt]));
	return Array.from({ length: count }, (_, n) => {
		const { kind, truth } = at(n);
		const receipt = byNumber.get(n);
		return {
			name: `${n} ${kind}`,
			change: kind,
			truth,
			verdict:
				receipt === undefined
					? { kind: "none", message: "it had no answer" }
					: kept(truth, receipt.verdict),
			smallest: receipt?.smallest ?? null,
		};
	});
}

/** Of a message with several findings, that which names what the change is about, where one alone does. */
function kept(truth: Truth, verdict: Verdict): Verdict {
	if (verdict.kind !== "blocked") return verdict;
	const named = verdict.message.split("; ").find((message) => {
		const trial = { name: "", change: "", truth, verdict: { ...verdict, message }, smallest: null };
		return truth.kind === "violating" && namesPlaceAndRule(trial);
	});
	return named === undefined ? verdict : { ...verdict, message: named };
}

/** What is kept of the pushes of all trials: those that had no verdict at first, and how long the others took. */
export type Pushes = {
	interrupted: Interrupted[];
	/** From the first push to the last answer, where nothing interrupted, without the first of all. */
	warmTimesMs: number[];
};

/** A change whose pushes were interrupted, and how it ended. */
export type Interrupted = {
	name: string;
	truth: Truth;
	verdict: Verdict;
	/** The reason of each push that had none. */
	reasons: string[];
};

export function pushesOf(receipts: readonly TrialReceipt[]): Pushes {
	return {
		interrupted: receipts
			.filter(({ interrupted }) => interrupted.length > 0)
			.map(({ n, kind, truth, verdict, interrupted }) => ({
				name: `${n} ${kind}`,
				truth,
				verdict: kept(truth, verdict),
				reasons: interrupted,
			})),
		warmTimesMs: receipts
			.slice(1)
			.flatMap(({ verdict, interrupted }) =>
				verdict.kind === "none" || interrupted.length > 0
					? []
					: [Math.round(10 * verdict.timeMs) / 10],
			),
	};
}

type Journal = AsyncIterable<{ receipt: string | null }>;

/** What a load has kept of its trials, in the order of their numbers. */
export async function receiptsIn(journal: Journal): Promise<TrialReceipt[]> {
	const receipts: TrialReceipt[] = [];
	for await (const { receipt } of journal)
		if (receipt !== null) receipts.push(JSON.parse(receipt) as TrialReceipt);
	return receipts.sort((a, b) => a.n - b.n);
}

/** The commits that those have seen who looked where mains are, and how often; a look may have seen several. */
export async function readsIn(journal: Journal): Promise<{ oid: string; count: number }[]> {
	const counts = new Map<string, number>();
	for await (const { receipt } of journal)
		for (const oid of receipt?.split(" ").map(shortOid) ?? [])
			counts.set(oid, (counts.get(oid) ?? 0) + 1);
	return [...counts].map(([oid, count]) => ({ oid, count }));
}
