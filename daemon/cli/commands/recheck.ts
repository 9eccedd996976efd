import type { Command } from "commander";
import { forTerminal } from "../../../base/terminal.ts";
import { recheck } from "../../compare/recheck.ts";
import { recheckAsText } from "../../compare/recheck-text.ts";
import { knownHome } from "../../home/home.ts";
import { RunStore } from "../../record/store.ts";
import { exitCodeOf } from "../run-flags.ts";
import { runIdOf } from "../run-id.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	json?: boolean;
}

/** `faultline recheck RUN`: a stored record, judged by the scenario as it is now. Exit code of the new verdict. */
export default function addRecheck(program: Command): void {
	withSettings(program.command("recheck <run>"))
		.description("run a scenario's checks and metrics again on a stored record")
		.option("--json", "both judgements as JSON")
		.action(async (meant: string, flags: Flags) => {
			const store = new RunStore(knownHome((await settingsFrom(flags)).home).runs);
			const runId = runIdOf(store, meant);
			const run = store.read(runId);
			const result = await recheck(run, store.readOutcome(runId));
			process.stdout.write(
				forTerminal(flags.json ? `${JSON.stringify(result)}\n` : recheckAsText(result)),
			);
			const asExpected = result.after.verdict === run.expect;
			process.exitCode = exitCodeOf({ ...result.after, asExpected });
		});
}
