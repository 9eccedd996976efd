import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../../../base/exit-codes.ts";
import { forTerminal } from "../../../base/terminal.ts";
import { timelineText } from "../../../chaos/grammar.ts";
import { durationMs } from "../../../load/quantities.ts";
import type { Started } from "../../client/client.ts";
import { foundFile } from "../../explore/found-file.ts";
import { notBroken } from "../../explore/not-broken.ts";
import { runAsText } from "../../record/run-text.ts";
import { commandOf } from "../../report/sections/reproduce.ts";
import { describe, type RunFlags, runToEnd, withRunFlags } from "../run-flags.ts";

interface Flags extends RunFlags {
	budget: string;
	out?: string;
}

/** `faultline explore SCENARIO`: random fault timelines, the smallest that breaks it as a scenario file. */
export default function addExplore(program: Command): void {
	withRunFlags(program.command("explore <scenario>"))
		.description("search for the smallest fault timeline that breaks a scenario")
		.requiredOption("--budget <time>", "how long to search, such as 5m")
		.option("--out <file>", "where to write what is found; default ./NAME-found.scenario.ts")
		.action(run);
}

/** Exit 0 where nothing broke it, 10 where something did, 12 where the search itself was no good. */
async function run(scenario: string, flags: Flags): Promise<void> {
	const { file, name } = await describe(scenario);
	const explore = { budgetMs: durationMs(flags.budget, "--budget") };
	const { document, exitCode } = await runToEnd(scenario, flags, (client, params) =>
		client.post<Started>("/runs", { file, params, explore }),
	);
	if (flags.json) process.stdout.write(`${JSON.stringify(document)}\n`);
	process.exitCode = exitCode;
	const { exploration } = document;
	const say = (line: string) => {
		if (!flags.json) console.log(forTerminal(line));
	};
	if (exploration === null) return say(runAsText(document).trimEnd());
	const { trials, flaky, found, confirmed, tookMs } = exploration;
	const perMinute = ((60_000 * trials.length) / tookMs).toFixed(1);
	say(`${trials.length} trials in ${(tookMs / 1000).toFixed(0)} s, ${perMinute} a minute`);
	for (const faults of flaky) say(`broke it in 1 of 2 tries: ${timelineText(faults)}`);
	if (found === null) {
		const { told, line } = notBroken(name, trials);
		if (!told && exitCode === exitCodes.passed) process.exitCode = exitCodes.invalid;
		return say(line);
	}
	say(`smallest that breaks it, ${confirmed} of 3 times more: ${timelineText(found)}`);
	const out = resolve(flags.out ?? `${name}-found.scenario.ts`);
	writeFileSync(out, foundFile(document, out));
	say(
		`written to ${out}; run it with: ${commandOf({ ...document, exploration: null, file: out })}`,
	);
}
