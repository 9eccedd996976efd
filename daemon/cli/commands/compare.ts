import type { Command } from "commander";
import { forTerminal } from "../../../base/terminal.ts";
import { openBaselines } from "../../compare/baseline-store.ts";
import { exitCodeOf } from "../../compare/document.ts";
import { compareRun } from "../../compare/sources.ts";
import { comparisonAsText } from "../../compare/text.ts";
import { knownHome } from "../../home/home.ts";
import { RunStore } from "../../record/store.ts";
import { comparisonReportOf } from "../../report/run-report.ts";
import { runIdOf } from "../run-id.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	repeat: string[];
	json?: boolean;
	html?: boolean;
}

const atOnce = (make: () => Promise<void>) => make();

/** `faultline compare RUN [baseline|RUN2]`, from the disk. Exit 11 where it regressed, 10 where the run itself failed. */
export default function addCompare(program: Command): void {
	withSettings(program.command("compare <run> [to]"))
		.description("hold a run against its scenario's baseline, or against another run")
		.option(
			"--repeat <run>",
			"a repeat of the run, which confirms a suspicion; twice",
			(id: string, known: string[]) => [...known, id],
			[],
		)
		.option("--json", "the comparison as JSON")
		.option("--html", "make its page, and say where it is")
		.action(async (runId: string, to: string | undefined, flags: Flags) => {
			const settings = await settingsFrom(flags);
			const home = knownHome(settings.home);
			const store = new RunStore(home.runs);
			const other = to === undefined || to === "baseline" ? "baseline" : runIdOf(store, to);
			const repeats = flags.repeat.map((id) => runIdOf(store, id));
			const comparison = compareRun(runIdOf(store, runId), other, repeats, {
				read: (id) => store.read(id),
				baselines: openBaselines(settings),
				history: home.history,
			});
			const page = () =>
				comparisonReportOf(comparison, { store, baselines: openBaselines(settings), when: atOnce });
			process.stdout.write(
				flags.html
					? `${await page()}\n`
					: flags.json
						? `${JSON.stringify(comparison)}\n`
						: forTerminal(comparisonAsText(comparison)),
			);
			process.exitCode = exitCodeOf(comparison);
		});
}
