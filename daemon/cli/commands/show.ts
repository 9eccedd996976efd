import type { Command } from "commander";
import { knownHome } from "../../home/home.ts";
import { runAsText } from "../../record/run-text.ts";
import { RunStore } from "../../record/store.ts";
import { SuiteStore } from "../../suites/store.ts";
import { suiteAsText } from "../../suites/text.ts";
import { asLeft } from "../as-left.ts";
import { writeDocument } from "../forms.ts";
import { runIdOf } from "../run-id.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	json?: boolean;
}

/** `faultline show ID`: the record of a run or of a suite, from the disk. */
export default function addShow(program: Command): void {
	withSettings(program.command("show <id>"))
		.description("show the record of a run, or of a suite")
		.option("--json", "the document as it is")
		.action(async (id: string, flags: Flags) => {
			const home = knownHome((await settingsFrom(flags)).home);
			const suites = new SuiteStore(home.suites);
			if (suites.has(id)) writeDocument(suites.read(id), flags, suiteAsText);
			else {
				const store = new RunStore(home.runs);
				const document = store.read(runIdOf(store, id));
				writeDocument(asLeft(home, document), flags, runAsText);
			}
		});
}
