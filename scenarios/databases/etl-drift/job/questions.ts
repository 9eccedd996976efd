import { tableItself } from "./mapping.ts";

/** What can't be decided without somebody who knows. */
export interface Question {
	field: string;
	/** What is not as it was. */
	rule: "gone" | "content" | "type" | "claimed twice" | "table";
	/** What it may be, best first. */
	candidates: { name: string; score: number }[];
	text: string;
}

/** What is asked, for people. */
export function questionsText(questions: readonly Question[]): string {
	return questions
		.map(({ field, rule, text }) => `${field === tableItself ? "table" : field}: ${rule}: ${text}`)
		.join("\n");
}
