/** What is read of Stryker's report, whose schema is the public one of mutation testing. */
export interface Report {
	files: Record<string, { source: string; mutants: Mutant[] }>;
}

interface Mutant {
	mutatorName: string;
	replacement?: string;
	status: string;
	location: { start: Place; end: Place };
}

/** Both count from 1. */
interface Place {
	line: number;
	column: number;
}

const textMax = 70;

/** A row for each file, and a line for each change that no test has noticed, as Markdown. */
export function tableOf({ files }: Report): string {
	const named = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
	const all = named.flatMap(([, { mutants }]) => mutants);
	const survivors = named.flatMap(([name, { source, mutants }]) =>
		mutants.filter(isUnnoticed).map((mutant) => `- \`${name}:${said(mutant, source)}`),
	);
	return [
		"| file | changes | noticed | by a time-out | not noticed | score |",
		"|---|---|---|---|---|---|",
		rowOf("**all**", all),
		...named.map(([name, { mutants }]) => rowOf(name, mutants)),
		"",
		"## Not noticed",
		"",
		...survivors,
		"",
	].join("\n");
}

function rowOf(name: string, mutants: readonly Mutant[]): string {
	const count = (...statuses: string[]) =>
		mutants.filter(({ status }) => statuses.includes(status)).length;
	const [killed, timedOut] = [count("Killed"), count("Timeout")];
	const unnoticed = mutants.filter(isUnnoticed).length;
	// What can't be begun or compiled says nothing of the tests.
	const valid = killed + timedOut + unnoticed;
	const score = valid === 0 ? "–" : `${((100 * (killed + timedOut)) / valid).toFixed(1)} %`;
	return `| ${name} | ${valid} | ${killed} | ${timedOut} | ${unnoticed} | ${score} |`;
}

function isUnnoticed({ status }: Mutant): boolean {
	return status === "Survived" || status === "NoCoverage";
}

/** `12` what stands there → what was put in its place`. */
function said({ location: { start, end }, mutatorName, replacement }: Mutant, source: string) {
	const lines = source.split("\n").slice(start.line - 1, end.line);
	const last = lines.length - 1;
	// The end first: both may be of one line.
	lines[last] = lines[last]!.slice(0, end.column - 1);
	lines[0] = lines[0]!.slice(start.column - 1);
	const [before, after] = [lines.join(" "), replacement ?? mutatorName].map(short);
	return `${start.line}\` ${before} → ${after}`;
}

function short(text: string): string {
	const line = text.replaceAll(/\s+/g, " ").replaceAll("`", "'");
	return `\`${line.length > textMax ? `${line.slice(0, textMax)}…` : line}\``;
}
