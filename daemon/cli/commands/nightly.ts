import type { Command } from "commander";
import { pause } from "../../../base/clock.ts";
import type { ServiceId } from "../../../base/services.ts";
import { forTerminal } from "../../../base/terminal.ts";
import type { ApiClient } from "../../client/client.ts";
import { nameOf, ScenarioCatalog } from "../../host/catalog.ts";
import type { NightlyDocument } from "../../nightly/document.ts";
import { nightlyAsHtml } from "../../nightly/html.ts";
import { nightlyAsJunit } from "../../nightly/junit.ts";
import type { NightlyStatus, RunningNightly } from "../../nightly/nightly.ts";
import type { NightlyFlags, NightlyPlan, NightlySettings } from "../../nightly/settings.ts";
import { nightlyAsTap } from "../../nightly/tap.ts";
import { nightlyAsText } from "../../nightly/text.ts";
import { type AtDaemon, atDaemon } from "../at-daemon.ts";
import { checkFiles, type FormFlags, withForms, writeForms } from "../forms.ts";
import { destructiveFlag, needsOf } from "../run-flags.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags, NightlyFlags, FormFlags {
	allowDestructive?: boolean;
	quiet?: boolean;
}

/** `faultline nightly`: every scenario, judged against baselines and earlier nights; by a daemon as `run` does. */
export default function addNightly(program: Command): void {
	withForms(withSettings(program.command("nightly")), "the summary")
		.description("run all scenarios, hold them against baselines and earlier nights, sum it up")
		.option("--only <list>", "just these scenarios, names or files (FAULTLINE_NIGHTLY_SCENARIOS)")
		.option("--budget <time>", "nothing is begun after it (FAULTLINE_NIGHTLY_BUDGET; default 3h)")
		.option("--size <size>", "small, default or large (FAULTLINE_NIGHTLY_SIZE)")
		.option("--seed <n>", "uint32 (FAULTLINE_NIGHTLY_SEED; default 1)")
		.option("--webhook <url>", "where the summary is posted (FAULTLINE_NIGHTLY_WEBHOOK)")
		.option("--allow-destructive", destructiveFlag)
		.option("--json", "the summary as JSON on stdout")
		.option("--html <file>", "the summary as a page as well")
		.option("--quiet", "no progress on stderr")
		.action(run);
}

/** Exit 0 where all was as expected, 10 where something was not, 11 regressed, 12 invalid or not run. */
async function run(flags: Flags): Promise<void> {
	checkFiles(flags);
	const settings = await settingsFrom({ ...flags, port: flags.port ?? "0" }, flags);
	const say = (line: string) => {
		if (!flags.quiet) process.stderr.write(forTerminal(`${line}\n`));
	};
	const { at: _, timeZone: __, ...planned } = settings.nightly;
	const plan: NightlyPlan = { ...planned, allowDestructive: flags.allowDestructive ?? false };
	const needs = () => needsOfNight(settings.nightly);
	const what = "faultline nightly";
	const { document, exitCode } = await atDaemon({ settings, what, needs, say }, async (at) => {
		const document = await toItsEnd(at, plan, say);
		return { document, exitCode: at.exitCode ?? document.exitCode };
	});
	const forms = { text: nightlyAsText, tap: nightlyAsTap, junit: nightlyAsJunit };
	writeForms(document, flags, { ...forms, html: nightlyAsHtml });
	process.exitCode = exitCode;
}

/** The summary of a nightly that begins now. A request that waits for hours would not live as long as it does. */
async function toItsEnd(
	{ client, isPrivate, onSignal }: AtDaemon,
	plan: NightlyPlan,
	say: (line: string) => void,
): Promise<NightlyDocument> {
	const { id } = await client.post<RunningNightly>("/nightly", plan);
	onSignal(() => void client.post("/nightly/stop").catch(() => {}));
	let told = "";
	for (;;) {
		const { running } = await client.get<NightlyStatus>("/nightly");
		if (running?.id !== id) return readOne(client, id);
		const { step, done, of } = running;
		if (!isPrivate && step !== told) say(`${step} (${done + 1} of ${of})`);
		told = step;
		await pause(lookEveryMs);
	}
}
const lookEveryMs = 300;

function readOne(client: ApiClient, id: string): Promise<NightlyDocument> {
	return client.get(`/nightly/${id}`);
}

async function needsOfNight({ scenarios, duets }: NightlySettings): Promise<ServiceId[]> {
	const all = scenarios ?? (await new ScenarioCatalog().list()).map(nameOf);
	return needsOf([...all, ...duets.map(({ scenario }) => scenario)]);
}
