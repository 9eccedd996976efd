import type { JudgedSet } from "../contract/facts.ts";

/** What was looked at, and what of it is wrong, each in words. */
export interface Looked {
	/** How many were looked at; null where there may be none of them. */
	over: number | null;
	wrong: readonly string[];
	/** The message where nothing is wrong. */
	held: string;
	/** How it begins where something is: the first of what is wrong follows. */
	broken: string;
}

/** As many of what is wrong are kept in the record. */
const keptMax = 10;

/** The judgement of a set of which nothing may be wrong. */
export function noneWrong({ over, wrong, held, broken }: Looked) {
	return {
		over,
		ok: wrong.length === 0,
		expected: { wrongCount: 0 },
		actual: { wrongCount: wrong.length, wrong: wrong.slice(0, keptMax) },
		message: wrong.length === 0 ? held : `${broken}, the first: ${wrong[0]}`,
	} satisfies JudgedSet;
}
