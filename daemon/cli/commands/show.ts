import type { Command } from "commander";
import { runAsText } from "../../api/run-text.ts";
import { openHome } from "../../home.ts";
import { RunStore } from "../../runs/store.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	json?: boolean;
}

/** `faultline show RUN`: a run's record, from the disk. */
export default function addShow(program: Command): void {
	withSettings(program.command("show <run>"))
		.description("show the record of a run")
		.option("--json", "run.json as it is")
		.action(async (runId: string, flags: Flags) => {
			const store = new RunStore(openHome((await settingsFrom(flags)).home).runs);
			const document = store.read(runId);
			process.stdout.write(flags.json ? `${JSON.stringify(document)}\n` : runAsText(document));
		});
}
