import type { Truth } from "faultline";
import { type Finding, findingText } from "../../../subjects/gate/findings.ts";
import {
	type Compared,
	listsPlace,
	namesPlace,
	type Outcome,
	type Reason,
	type Right,
	reasonOf,
	reasonTexts,
	rightOf,
	saidOf,
	type Unasked,
} from "./compared.ts";
import { markdown } from "./markdown.ts";

/** Changes about which they disagree for the same reason, and of which the same one is right. */
export interface Disagreement {
	reason: Reason;
	right: Right;
	all: Compared[];
}

/** The commonest first. */
export function disagreementsOf(all: readonly Compared[]): Disagreement[] {
	const apart = all.filter((one) => saidOf(one).startsWith("only"));
	const groups = Map.groupBy(apart, (one) => `${reasonOf(one)}: ${rightOf(one)}`);
	return [...groups.values()]
		.map((all) => ({ reason: reasonOf(all[0]!), right: rightOf(all[0]!), all }))
		.sort((a, b) => b.all.length - a.all.length);
}

/** All of it as Markdown. */
export function reportText(version: string, outcomes: readonly Outcome[]): string {
	const all = outcomes.flatMap((one) => (one.asked ? [one.compared] : []));
	const unasked = outcomes.flatMap((one) => (one.asked ? [] : [one.unasked]));
	const groups = disagreementsOf(all);
	return [
		`datacontract-cli ${version}: of ${outcomes.length} changes both were asked about ${all.length}; ${unaskedText(unasked)}`,
		kindsTable(all),
		totalsText(all),
		disagreementsTable(groups),
		...groups.map(exampleText),
	].join("\n\n");
}

function unaskedText(unasked: readonly Unasked[]): string {
	const count = (why: Unasked["why"]) => unasked.filter((one) => one.why === why).length;
	const kinds = [
		...new Set(unasked.filter(({ why }) => why === "no state").map(({ kind }) => kind)),
	];
	const noState = `${count("no state")} lead to no state (${kinds.sort().join(", ") || "none"})`;
	return `${count("push")} are pushes that propose none, ${noState}`;
}

function kindsTable(all: readonly Compared[]): string {
	const kinds = [...Map.groupBy(all, ({ kind }) => kind)].sort(([a], [b]) => (a < b ? -1 : 1));
	const rows = kinds.map(([kind, some]) => {
		const is = (isSo: (one: Compared) => boolean) => some.filter(isSo).length;
		return [
			kind,
			truthText(some[0]!.truth),
			some.length,
			is(({ ours }) => ours.length > 0),
			is(({ theirs }) => theirs.findings.length > 0),
			is(({ theirs }) => theirs.warnings.length > 0),
			is(listsPlace),
			is(({ theirs }) => theirs.isBreaking),
			is((one) => saidOf(one).startsWith("only")),
		];
	});
	const heading = [
		"kind",
		"it is",
		"changes",
		"we block",
		"the tool fails",
		"it warns",
		"it sees the contract changed there",
		"its `breaking` fails",
		"apart",
	];
	return markdown([heading, ...rows]);
}

function truthText(truth: Truth): string {
	return truth.kind === "violating" ? `violating (${ruleText(truth.rule)})` : truth.kind;
}

/** Names that a contract gives its rules may be of one change alone. */
function ruleText(rule: string): string {
	return rule.startsWith("rule_") ? "its own" : rule;
}

function totalsText(all: readonly Compared[]): string {
	const both = all.filter((one) => saidOf(one) === "both block");
	const violating = both.filter(({ truth }) => truth.kind === "violating");
	const breaking = (kind: Truth["kind"]) =>
		all.filter(({ truth, theirs }) => truth.kind === kind && theirs.isBreaking).length;
	return [
		`${both.length} are blocked by both, ${all.filter((one) => saidOf(one) === "both pass").length} pass with both;`,
		`of ${violating.length} violating ones that both block the tool names the place of ${violating.filter(namesPlace).length}.`,
		`Its \`breaking\` fails ${breaking("violating")} violating and ${breaking("harmless")} harmless changes, whose new version it does not read.`,
	].join(" ");
}

function disagreementsTable(groups: readonly Disagreement[]): string {
	const rows = groups.map(({ reason, right, all }) => [
		reason,
		reasonTexts[reason],
		countsText(all),
		all.length,
		right,
	]);
	return markdown([["why", "what that is", "kinds", "changes", "right"], ...rows]);
}

function countsText(all: readonly Compared[]): string {
	const kinds = [...Map.groupBy(all, ({ kind }) => kind)].sort(([a], [b]) => (a < b ? -1 : 1));
	return kinds.map(([kind, some]) => `${kind} ${some.length}`).join(", ");
}

function exampleText({ reason, all }: Disagreement): string {
	const { name, text, ours, theirs } = all[0]!;
	return [
		`${reason}, for one ${name}: ${text}`,
		`  our gate: ${findingsText(ours)}`,
		`  the tool: ${findingsText(theirs.findings)}, with ${theirs.passedCount} checks passed${warnedText(theirs.warnings)}${listedText(theirs.listed)}`,
	].join("\n");
}

function findingsText(findings: readonly Finding[]): string {
	return findings.length === 0 ? "nothing" : findings.map(findingText).join("; ");
}

function warnedText(warnings: readonly Finding[]): string {
	return warnings.length === 0 ? "" : `; it warns of ${findingsText(warnings)}`;
}

function listedText(listed: readonly string[]): string {
	return listed.length === 0 ? "" : `; of the contract it sees changed ${listed.join(", ")}`;
}
