import { proportionOf } from "../../scenarios/kit/proportion.ts";
import type { Noise } from "./noise.ts";

/** One run that was asked for, all its tries together. */
export interface Line {
	noise: Noise;
	scenario: string;
	guard: "on" | "off";
	seed: number;
	/** Commit of the code that said it. */
	commit: string;
	/** What said it. */
	machine: string;
	expect: "passed" | "failed";
	/** Codes of the tries that told nothing. */
	before: string[];
	verdict: "passed" | "failed" | "invalid" | null;
	/** Codes of the last try. */
	codes: string[];
	tookMs: number;
}

export interface Counts {
	count: number;
	/** At the first try. */
	first: number;
	/** At the last one. */
	right: number;
	invalid: number;
	/** `failed` with nothing planted, or `passed` although a naive twin must fail. */
	wrong: number;
}

export function countsOf(lines: readonly Line[]): Counts {
	const right = lines.filter(({ verdict, expect }) => verdict === expect);
	const invalid = lines.filter(({ verdict }) => verdict === "invalid" || verdict === null);
	return {
		count: lines.length,
		first: right.filter(({ before }) => before.length === 0).length,
		right: right.length,
		invalid: invalid.length,
		wrong: lines.length - right.length - invalid.length,
	};
}

/** Which code said it, and on what: `2 × …: 44c1134, 170d002`. */
export function originsOf(lines: readonly Pick<Line, "machine" | "commit">[]): string {
	return [...Map.groupBy(lines, ({ machine }) => machine)]
		.map(([machine, own]) => {
			const commits = [...new Set(own.map(({ commit }) => commit))].join(", ");
			return `${machine}: ${commits}`;
		})
		.join("; ");
}

/** A row for each kind of noise and scenario, and one for all scenarios together. */
export function tableOf(lines: readonly Line[], noises: readonly Noise[]): string {
	const rows = noises.flatMap((noise) => {
		const own = lines.filter((line) => line.noise === noise);
		const names = [...new Set(own.map(({ scenario }) => scenario))].sort();
		const of = (scenario: string | null) =>
			own.filter((line) => scenario === null || line.scenario === scenario);
		return own.length === 0
			? []
			: [rowOf(noise, "**all**", of(null)), ...names.map((name) => rowOf("", name, of(name)))];
	});
	return [
		"| noise | scenario | runs | right at the first try | right at the last | invalid | wrong |",
		"|---|---|---|---|---|---|---|",
		...rows,
		"",
	].join("\n");
}

function rowOf(noise: string, scenario: string, lines: readonly Line[]): string {
	const { count, first, right, invalid, wrong } = countsOf(lines);
	return `| ${noise} | ${scenario} | ${count} | ${shareText(first, count)} | ${shareText(right, count)} | ${invalid} | ${wrong} |`;
}

function shareText(part: number, count: number): string {
	const { pct, lowPct, highPct } = proportionOf(part, count)!;
	const text = (pct: number) => `${Number(pct.toFixed(1))}`;
	return `${part}: ${text(pct)} % [${text(lowPct)}, ${text(highPct)}]`;
}
