import { type Outcome, wordsOf } from "./outcome.ts";

export interface JunitCase {
	suite: string;
	name: string;
	outcome: Outcome;
	seconds: number;
	why: string;
	details: string[];
	/** Tries before it, which told nothing; a case that passed after them is flaky. */
	before: readonly { runId: string; why: string }[];
	/** What is not run fails the whole, but for this. */
	isOptional: boolean;
}

/** Results as JUnit XML, in suites by the name that their cases give. */
export function asJunit(headline: string, startedAt: string, cases: readonly JunitCase[]): string {
	const suites = [...new Set(cases.map(({ suite }) => suite))].map((name) => ({
		name,
		cases: cases.filter(({ suite }) => suite === name),
	}));
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<testsuites name="${escaped(headline)}" ${countsOf(cases)}>`,
		...suites.flatMap(({ name, cases: own }) => [
			`\t<testsuite name="${escaped(name)}" ${countsOf(own)} timestamp="${startedAt.slice(0, 19)}">`,
			...own.flatMap(linesOf),
			"\t</testsuite>",
		]),
		"</testsuites>",
		"",
	].join("\n");
}

type Ending = "passed" | "failure" | "error" | "skipped";

function endingOf({ outcome, isOptional }: JunitCase): Ending {
	switch (outcome) {
		case "as_expected":
			return "passed";
		case "not_as_expected":
		case "regressed":
			return "failure";
		case "invalid":
			return "error";
		case "not_run":
			return isOptional ? "skipped" : "error";
		default:
			return outcome satisfies never;
	}
}

function countsOf(cases: readonly JunitCase[]): string {
	const count = (wanted: Ending) => cases.filter((one) => endingOf(one) === wanted).length;
	const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
	return `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${seconds}"`;
}

function linesOf(one: JunitCase): string[] {
	const head = `\t\t<testcase classname="${escaped(one.suite)}" name="${escaped(one.name)}" time="${one.seconds.toFixed(3)}"`;
	const ending = endingOf(one);
	const message = escaped(one.why);
	if (ending === "passed") {
		if (one.before.length === 0) return [`${head}/>`];
		const flaky = one.before.map(
			({ runId, why }) =>
				`\t\t\t<flakyError type="invalid" message="${escaped(`${runId}: ${why}`)}"/>`,
		);
		return [`${head}>`, ...flaky, "\t\t</testcase>"];
	}
	if (ending === "skipped")
		return [`${head}>`, `\t\t\t<skipped message="${message}"/>`, "\t\t</testcase>"];
	return [
		`${head}>`,
		`\t\t\t<${ending} type="${escaped(wordsOf(one.outcome))}" message="${message}">${escaped(one.details.join("\n"))}</${ending}>`,
		"\t\t</testcase>",
	];
}

const entities: Record<string, string> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&apos;",
};

/** Text fit for XML and HTML; what XML can't hold at all, such as a terminal's escape codes, is replaced. */
export function escaped(text: string): string {
	return (
		text
			.toWellFormed()
			// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML 1.0 forbids
			.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
			.replaceAll(/[&<>"']/g, (char) => entities[char]!)
	);
}
