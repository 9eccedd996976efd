import type { Command } from "commander";
import type { Started } from "../../client/client.ts";
import type { RunDocument } from "../../record/document.ts";
import { runAsText } from "../../record/run-text.ts";
import { suiteAsJunit, suiteAsTap } from "../../suites/forms.ts";
import { suiteAsText } from "../../suites/text.ts";
import { outcomeOfRun, resultOfRun } from "../../summary/run-result.ts";
import { checkFiles, type FormFlags, withForms, writeForms } from "../forms.ts";
import { fileOf, type RunFlags, runToEnd, withRunFlags } from "../run-flags.ts";
import { isSuite, suiteToEnd } from "../suite-to-end.ts";

/** `faultline run NAME|FILE`: by this home's daemon if one answers, else by a private one for this run. */
export default function addRun(program: Command): void {
	withForms(withRunFlags(program.command("run <scenario>")), "the record")
		.option("--retries <n>", "how often to try again where the machine was to blame (default 1)")
		.description("run a scenario or a suite by name, or a file of your own")
		.action(run);
}

/** Exit code of a scenario: its verdict; of a suite: 0 where all was as expected. */
async function run(named: string, flags: RunFlags & FormFlags): Promise<void> {
	checkFiles(flags);
	if (isSuite(named)) {
		const { document, exitCode } = await suiteToEnd(named, flags);
		const forms = { text: suiteAsText, tap: suiteAsTap, junit: suiteAsJunit };
		writeForms(document, flags, forms);
		process.exitCode = exitCode;
		return;
	}
	const { document, exitCode } = await runToEnd(named, flags, (client, params) => {
		const file = fileOf(named);
		if (file === null) return client.start(named, params);
		return client.post<Started>("/runs", { file, params });
	});
	writeForms(document, flags, {
		text: runAsText,
		tap: (run) => suiteAsTap(asSuite(run)),
		junit: (run) => suiteAsJunit(asSuite(run)),
	});
	process.exitCode = exitCode;
}

/** One run, for the forms that count whether all was as expected. */
function asSuite(run: RunDocument): Parameters<typeof suiteAsTap>[0] {
	const { scenario, params, expect, queuedAt, startedAt } = run;
	const told = outcomeOfRun(run);
	return {
		suite: scenario,
		headline: told.why,
		startedAt: startedAt ?? queuedAt,
		steps: [
			{ scenario, params: given(params), expect, ...told, run: resultOfRun(run), error: null },
		],
	};
}

function given({ seed, size, guard }: RunDocument["params"]) {
	return { seed, size, guard };
}
