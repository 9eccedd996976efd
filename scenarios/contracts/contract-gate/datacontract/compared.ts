import type { Truth } from "faultline";
import type { Finding } from "../../../subjects/gate/findings.ts";
import { unjudgedWhy } from "../../../subjects/gate/rule.ts";
import type { Opinion } from "./answer.ts";

/** A change, what it is, what our gate finds of it, and what the tool thinks of the state that it leads to. */
export interface Compared {
	/** `7 column-dropped`, with its seed. */
	name: string;
	kind: string;
	/** `drop column orders.note`. */
	text: string;
	truth: Truth;
	ours: Finding[];
	theirs: Opinion;
}

/** One that the tool can't be asked about: there is no state that it could look at. */
export interface Unasked {
	kind: string;
	why: "push" | "no state";
}

export type Outcome = { asked: true; compared: Compared } | { asked: false; unasked: Unasked };

/** Both say the same of it, or one lets pass what the other blocks. */
export type Said = "both block" | "both pass" | "only we block" | "only the tool blocks";

export function saidOf({ ours, theirs }: Pick<Compared, "ours" | "theirs">): Said {
	const [we, they] = [ours.length > 0, theirs.findings.length > 0];
	if (we === they) return we ? "both block" : "both pass";
	return we ? "only we block" : "only the tool blocks";
}

export type Right = "our gate" | "the tool" | "nobody can tell";

/** By what the change is: that was settled before anybody was asked. */
export function rightOf({ truth, ...said }: Pick<Compared, "truth" | "ours" | "theirs">): Right {
	const [blocker, other]: [Right, Right] =
		saidOf(said) === "only we block" ? ["our gate", "the tool"] : ["the tool", "our gate"];
	switch (truth.kind) {
		case "violating":
			return blocker;
		case "harmless":
			return other;
		case "outside":
			return "nobody can tell";
		default:
			return truth satisfies never;
	}
}

/** Why the tool lets pass what our gate blocks, or the other way about. */
export type Reason =
	| "rows, not structure"
	| "versions"
	| "warns and lets pass"
	| "passes over what it can't judge"
	| "no contract speaks of it"
	| "not about tables"
	| "unexplained";

export function reasonOf({ ours, theirs }: Pick<Compared, "ours" | "theirs">): Reason {
	if (saidOf({ ours, theirs }) !== "only we block") return "unexplained";
	const warned = new Set(theirs.warnings.map(({ place }) => place.join(".")));
	if (ours.every(({ place }) => warned.has(place.join(".")))) return "warns and lets pass";
	const reasons = new Set(ours.map(({ rule, why }) => reasonOfOurs(rule, why)));
	return reasons.size === 1 ? [...reasons][0]! : "unexplained";
}

function reasonOfOurs(rule: string, why: string): Reason {
	const known = reasonsByRule[rule];
	if (known !== undefined) return known;
	return why === unjudgedWhy ? "passes over what it can't judge" : "unexplained";
}

const reasonsByRule: Readonly<Record<string, Reason>> = {
	nullability: "rows, not structure",
	unique: "rows, not structure",
	"primary-key": "rows, not structure",
	version: "versions",
	builds: "no contract speaks of it",
	"append-only": "not about tables",
	order: "not about tables",
	kept: "not about tables",
	size: "not about tables",
	"file-kind": "not about tables",
};

/** What a reason is, for whoever reads the table. */
export const reasonTexts: Readonly<Record<Reason, string>> = {
	"rows, not structure":
		"it looks for nulls and repeated values in the rows at hand; the change takes away what keeps them out, and no such row is there yet",
	versions:
		"its `breaking` tells what a contract takes from its readers and reads no version: that a contract grows without one, that its version goes back, and that it is gone it does not see",
	"warns and lets pass":
		"its `lint` names the place, as a warning, and its `ci` fails by errors alone",
	"no contract speaks of it":
		"a model that no contract has can't be built; the tool looks at what contracts name",
	"passes over what it can't judge":
		"a rule of an engine that it does not know is no check of it, and so fails nothing; our gate refuses what it has no way to judge",
	"not about tables":
		"what the change does is done to migrations or files of the repository; the tables are as they were",
	unexplained: "nobody has looked into it yet",
};

/** Whether the tool names the place that the change breaks. */
export function namesPlace({ truth, theirs }: Pick<Compared, "truth" | "theirs">): boolean {
	return (
		truth.kind === "violating" &&
		theirs.findings.some(({ place }) => truth.place.every((word) => place.includes(word)))
	);
}

/** Whether it sees that the contract was changed there: `schema.orders.properties.note`, or a version. */
export function listsPlace({ truth, theirs }: Pick<Compared, "truth" | "theirs">): boolean {
	if (truth.kind !== "violating") return theirs.listed.length > 0;
	const [table, column] = truth.place;
	const path = column === undefined ? null : `schema.${table}.properties.${column}`;
	return theirs.listed.some((one) => path === null || one === path || one.startsWith(`${path}.`));
}
