import type { Command } from "commander";
import { forTerminal } from "../../../base/terminal.ts";
import { acceptRuns } from "../../compare/accept.ts";
import { openBaselines } from "../../compare/baseline-store.ts";
import { baselineAsText, baselinesAsText } from "../../compare/text.ts";
import { openHome } from "../../home/home.ts";
import { RunStore } from "../../record/store.ts";
import { runIdOf } from "../run-id.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	json?: boolean;
}

/** `faultline baseline accept|show|list`: what later runs are held against; files, with or without a daemon. */
export default function addBaseline(program: Command): void {
	const baseline = program.command("baseline").description("what later runs are held against");
	withSettings(baseline.command("accept <run...>"))
		.description("take runs as good, several seeds at once; writes the file to be committed")
		.requiredOption("--reason <text>", "why they are good: it stands beside the numbers")
		.option("--json", "what changed as JSON")
		.action(accept);
	withSettings(baseline.command("show <scenario>"))
		.description("the baseline of a scenario")
		.option("--json", "the file as it is")
		.action(async (scenario: string, flags: Flags) => {
			const document = openBaselines(await settingsFrom(flags)).read(scenario);
			print(flags, document, baselineAsText);
		});
	withSettings(baseline.command("list"))
		.description("the baselines there are")
		.option("--json", "as JSON")
		.action(async (flags: Flags) => {
			const baselines = openBaselines(await settingsFrom(flags)).list();
			print(flags, { baselines }, baselinesAsText);
		});
}

async function accept(ids: string[], flags: Flags & { reason: string }): Promise<void> {
	const settings = await settingsFrom(flags);
	const store = new RunStore(openHome(settings.home).runs);
	const baselines = openBaselines(settings);
	const runs = ids.map((id) => store.read(runIdOf(store, id)));
	const { scenario } = runs[0]!;
	const { baseline, changes } = acceptRuns(baselines.find(scenario), runs, {
		reason: flags.reason,
		at: new Date().toISOString(),
	});
	baselines.save(baseline);
	const file = baselines.fileOf(scenario);
	print(flags, { file, changes }, () =>
		[...changes, `written to ${file}: commit it`].map((line) => `${line}\n`).join(""),
	);
}

function print<T>(flags: Flags, document: T, asText: (document: T) => string): void {
	process.stdout.write(
		forTerminal(flags.json ? `${JSON.stringify(document)}\n` : asText(document)),
	);
}
