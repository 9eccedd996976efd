// A guard between a producer and its consumers is a detector. It is asked about changes whose truth is known because the
// experiment made them, and what it says is held against that.

/** What a change is, as the contract states it; settled before the guard is asked. */
export type Truth =
	/** Whoever reads by the contract notices nothing. */
	| { kind: "harmless" }
	/** It breaks `rule`; a message that helps names the rule and every word of `place`, such as model and column. */
	| { kind: "violating"; place: string[]; rule: string }
	/** It does harm that the contract says nothing of: what the guard makes of it is measured and not judged. */
	| { kind: "outside" };

/** What the guard said. `timeMs` is from the question to the answer. */
export type Verdict =
	| { kind: "blocked"; message: string; timeMs: number }
	| { kind: "passed"; timeMs: number }
	/** It broke before it had an answer, however often it was asked. */
	| { kind: "none"; message: string };

/** One change, what it is, and what the guard said of it. */
export type GuardTrial = {
	/** Tells it from the others in messages: `7 column-dropped`. */
	name: string;
	/** What was changed: `column-dropped`. */
	change: string;
	truth: Truth;
	verdict: Verdict;
	/** Of a violating change that passed, the smallest form that still does; null where nobody has looked for it. */
	smallest: string | null;
};

/** The confusion matrix. Trials without a verdict are in none of its four cells; those outside the contract stand apart. */
export interface Confusion {
	caught: GuardTrial[];
	missed: GuardTrial[];
	falseAlarms: GuardTrial[];
	passedRightly: GuardTrial[];
	outsideBlocked: GuardTrial[];
	outsidePassed: GuardTrial[];
	undecided: GuardTrial[];
}

export function confusionOf(trials: readonly GuardTrial[]): Confusion {
	const all: Record<keyof Confusion, GuardTrial[]> = {
		caught: [],
		missed: [],
		falseAlarms: [],
		passedRightly: [],
		outsideBlocked: [],
		outsidePassed: [],
		undecided: [],
	};
	for (const trial of trials) all[cellOf(trial)].push(trial);
	return all;
}

/** The cell of the matrix that a trial belongs to. */
export function cellOf({ truth, verdict }: GuardTrial): keyof Confusion {
	if (verdict.kind === "none") return "undecided";
	const blocked = verdict.kind === "blocked";
	switch (truth.kind) {
		case "violating":
			return blocked ? "caught" : "missed";
		case "harmless":
			return blocked ? "falseAlarms" : "passedRightly";
		case "outside":
			return blocked ? "outsideBlocked" : "outsidePassed";
		default:
			return truth satisfies never;
	}
}

/** Whether a guard answered as it should: what is outside of the contract may be answered either way. */
export function answeredRight({ truth, verdict }: Pick<GuardTrial, "truth" | "verdict">): boolean {
	switch (truth.kind) {
		case "violating":
			return verdict.kind === "blocked";
		case "harmless":
			return verdict.kind === "passed";
		case "outside":
			return verdict.kind !== "none";
		default:
			return truth satisfies never;
	}
}

/** The words of place and rule that the message of a caught trial does not have. None of any other trial. */
export function wordsMissing({ truth, verdict }: GuardTrial): string[] {
	if (truth.kind !== "violating" || verdict.kind !== "blocked") return [];
	return [...truth.place, truth.rule].filter((word) => !hasWord(verdict.message, word));
}

/** Whether place and rule are in the message, each as a word of its own: `order_id` is not named by `order_id_2`. */
export function namesPlaceAndRule(trial: GuardTrial): boolean {
	return wordsMissing(trial).length === 0;
}

function hasWord(text: string, word: string): boolean {
	for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
		if (!isWordPart(text[at - 1]) && !isWordPart(text[at + word.length])) return true;
	return false;
}

function isWordPart(letter: string | undefined): boolean {
	return letter !== undefined && /[\p{L}\p{N}_]/u.test(letter);
}
