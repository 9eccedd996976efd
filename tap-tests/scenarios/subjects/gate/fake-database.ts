import type { Database } from "../../../../scenarios/subjects/gate/scratch.ts";

/** A database that answers by the first of these whose text is in the question; all else is empty. */
export function database(
	answers: Record<string, unknown[] | Error>,
): Database & { asked: string[]; ended: number } {
	const made = {
		asked: [] as string[],
		ended: 0,
		async query(text: string) {
			made.asked.push(text);
			const found = Object.entries(answers).find(([part]) => text.includes(part));
			if (found?.[1] instanceof Error) throw found[1];
			return { rows: found?.[1] ?? [] };
		},
		async end() {
			made.ended++;
		},
	};
	return made;
}

/** What a database says by a code of its own. */
export const failed = (code: string, message = "no") => Object.assign(new Error(message), { code });
