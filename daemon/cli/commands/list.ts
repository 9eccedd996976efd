import type { Command } from "commander";
import { FaultlineError } from "../../../base/errors.ts";
import { runsAsText, summaryOf } from "../../api/views.ts";
import { openHome } from "../../home.ts";
import { RunStore } from "../../runs/store.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	limit: string;
	json?: boolean;
}

/** `faultline list`: this home's runs, newest first, whether or not a daemon runs. */
export default function addList(program: Command): void {
	withSettings(program.command("list"))
		.description("list runs, newest first")
		.option("--limit <n>", "how many", "20")
		.option("--json", "as JSON")
		.action(async (flags: Flags) => {
			const limit = Number(flags.limit);
			if (!Number.isInteger(limit) || limit < 1) {
				throw new FaultlineError(
					"FLT_USAGE",
					`--limit is "${flags.limit}"`,
					"a whole number from 1",
				);
			}
			const store = new RunStore(openHome((await settingsFrom(flags)).home).runs);
			const runs = store.list(limit, null).map(summaryOf);
			store.close();
			process.stdout.write(flags.json ? `${JSON.stringify({ runs })}\n` : runsAsText({ runs }));
		});
}
