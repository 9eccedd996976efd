import type { Command } from "commander";
import { FaultlineError } from "../../../base/errors.ts";
import { exitCodes } from "../../../base/exit-codes.ts";
import { type StandingService, standingServices } from "../../../base/services.ts";
import { forTerminal } from "../../../base/terminal.ts";
import { durationMs } from "../../../load/quantities.ts";
import type { Started } from "../../client/client.ts";
import { fullLooks, quickLooks } from "../../compare/looks.ts";
import type { RunDocument } from "../../record/document.ts";
import { describe, pairsOf, type RunFlags, runToEnd, withRunFlags } from "../run-flags.ts";

interface Flags extends RunFlags {
	a: string[];
	b: string[];
	aUrl: string[];
	bUrl: string[];
	quick?: boolean;
	whole?: boolean;
	turn: string;
	turns: string;
	warmup: string;
}

/** `faultline duet SCENARIO --a … --b …`: two variants in alternation, and which is worse. */
export default function addDuet(program: Command): void {
	const list = (text: string, known: string[]) => [...known, text];
	withRunFlags(program.command("duet <scenario>"))
		.description(
			"is B worse than A? Both take turns in the same sessions; without --a and --b: how restless is this host",
		)
		.option("--a <key=value>", "a parameter of side A; may be repeated", list, [])
		.option("--b <key=value>", "a parameter of side B; may be repeated", list, [])
		.option("--a-url <service=url>", "another server for side A", list, [])
		.option("--b-url <service=url>", "another server for side B", list, [])
		.option("--quick", "at most 10 pairs instead of 20")
		.option("--whole", "a whole run of each side, with its faults, instead of turns")
		.option("--turn <time>", "length of a turn", "5s")
		.option("--turns <n>", "turns of each side in a session", "6")
		.option("--warmup <time>", "before the turns of a session", "2s")
		.action(run);
}

/** Exit 11 where B regressed, else as a run does. */
async function run(scenario: string, flags: Flags): Promise<void> {
	const { file } = await describe(scenario);
	const plan = {
		shape: flags.whole
			? { kind: "whole" }
			: {
					kind: "turns",
					warmMs: durationMs(flags.warmup, "--warmup"),
					turnMs: durationMs(flags.turn, "--turn"),
					turns: countOf(flags.turns),
				},
		looks: flags.quick ? quickLooks : fullLooks,
	};
	const variants = {
		a: { params: pairsOf(flags.a), urls: urls(flags.aUrl) },
		b: { params: pairsOf(flags.b), urls: urls(flags.bUrl) },
	};
	const { document, exitCode } = await runToEnd(scenario, flags, (client, params) =>
		client.post<Started>("/runs", { file, params, duet: { plan, variants } }),
	);
	const regressed = document.duet?.verdict.outcome === "regressed";
	process.exitCode = exitCode === exitCodes.passed && regressed ? exitCodes.regressed : exitCode;
	process.stdout.write(
		forTerminal(flags.json ? `${JSON.stringify(document)}\n` : asText(document)),
	);
}

function asText({ duet }: RunDocument): string {
	if (duet === null) return "the duet ended before its first verdict\n";
	const { verdict, pairs, variants } = duet;
	const side = ({ params, urls }: (typeof variants)["a"]) =>
		Object.entries({ ...params, ...urls })
			.map(([name, value]) => `${name}=${value}`)
			.join(" ") || "as it is";
	const dropped = pairs.filter((pair) => pair.dropped !== null).length;
	return `${[
		`A: ${side(variants.a)}`,
		`B: ${side(variants.b)}`,
		...verdict.metrics.map(({ role, sentence }) => (role === "gate" ? sentence : `(${sentence})`)),
		`${pairs.length} pairs, ${dropped} dropped; the intervals are of one metric at one look, uncorrected`,
		`B against A: ${verdict.outcome.replace("_", " ")}: ${verdict.why}`,
	].join("\n")}\n`;
}

function urls(texts: readonly string[]): { [K in StandingService]?: string } {
	return Object.fromEntries(
		Object.entries(pairsOf(texts)).map(([service, url]) => {
			if (!(standingServices as readonly string[]).includes(service))
				throw new FaultlineError(
					"FLT_USAGE",
					`no service "${service}" can have another URL`,
					`there are: ${standingServices.join(", ")}`,
				);
			return [service, url];
		}),
	);
}

function countOf(text: string): number {
	const count = Number(text);
	if (Number.isInteger(count) && count >= 1 && count <= 1_000) return count;
	throw new FaultlineError("FLT_USAGE", `--turns is "${text}"`, "a whole number from 1 to 1000");
}
