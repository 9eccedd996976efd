import { existsSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { pause } from "../../../base/clock.ts";
import { FaultlineError } from "../../../base/errors.ts";
import type { ServiceId } from "../../../scenarios/plan.ts";
import type { ApiClient } from "../../api/client.ts";
import type { NightlyDocument } from "../../nightly/document.ts";
import { nightlyAsHtml } from "../../nightly/html.ts";
import { nightlyAsJunit } from "../../nightly/junit.ts";
import type { NightlyStatus, RunningNightly } from "../../nightly/nightly.ts";
import type { NightlyFlags, NightlyPlan, NightlySettings } from "../../nightly/settings.ts";
import { nightlyAsTap } from "../../nightly/tap.ts";
import { nightlyAsText } from "../../nightly/text.ts";
import { ScenarioCatalog } from "../../runs/catalog.ts";
import { type AtDaemon, atDaemon } from "../at-daemon.ts";
import { describe } from "../run-flags.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags, NightlyFlags {
	json?: boolean;
	tap?: boolean;
	junit?: string;
	html?: string;
	quiet?: boolean;
}

/** `faultline nightly`: every scenario, judged against baselines and earlier nights; by a daemon as `run` does. */
export default function addNightly(program: Command): void {
	withSettings(program.command("nightly"))
		.description("run all scenarios, hold them against baselines and earlier nights, sum it up")
		.option("--only <list>", "just these scenarios, names or files (FAULTLINE_NIGHTLY_SCENARIOS)")
		.option("--budget <time>", "nothing is begun after it (FAULTLINE_NIGHTLY_BUDGET; default 3h)")
		.option("--size <size>", "small, default or large (FAULTLINE_NIGHTLY_SIZE)")
		.option("--seed <n>", "uint32 (FAULTLINE_NIGHTLY_SEED; default 1)")
		.option("--webhook <url>", "where the summary is posted (FAULTLINE_NIGHTLY_WEBHOOK)")
		.option("--json", "the summary as JSON on stdout")
		.option("--tap", "the summary as TAP on stdout")
		.option("--junit <file>", "the summary as JUnit XML as well")
		.option("--html <file>", "the summary as a page as well")
		.option("--quiet", "no progress on stderr")
		.action(run);
}

/** Exit 0 where all was as expected, 10 where something was not, 11 regressed, 12 invalid or not run. */
async function run(flags: Flags): Promise<void> {
	checkFolder(flags.junit, "--junit");
	checkFolder(flags.html, "--html");
	const settings = await settingsFrom({ ...flags, port: flags.port ?? "0" }, flags);
	const say = (line: string) => {
		if (!flags.quiet) process.stderr.write(`${line}\n`);
	};
	const { at: _, timeZone: __, ...plan } = settings.nightly;
	const needs = () => needsOf(settings.nightly);
	const what = "faultline nightly";
	const { document, exitCode } = await atDaemon({ settings, what, needs, say }, async (at) => {
		const document = await toItsEnd(at, plan, say);
		return { document, exitCode: at.exitCode ?? document.exitCode };
	});
	if (flags.junit !== undefined) writeFileSync(flags.junit, nightlyAsJunit(document));
	if (flags.html !== undefined) writeFileSync(flags.html, nightlyAsHtml(document));
	process.stdout.write(
		flags.json
			? `${JSON.stringify(document)}\n`
			: flags.tap
				? nightlyAsTap(document)
				: nightlyAsText(document),
	);
	process.exitCode = exitCode;
}

/** A file that can't be written is told before hours are spent. */
function checkFolder(file: string | undefined, flag: string): void {
	if (file === undefined || existsSync(dirname(resolve(file)))) return;
	throw new FaultlineError(
		"FLT_USAGE",
		`${flag} is "${file}"; there is no folder ${dirname(resolve(file))}`,
		"make it, or name another file",
	);
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

/** What the chosen scenarios need; one that can't be read needs nothing, and is told in the summary. */
async function needsOf({ scenarios, duets }: NightlySettings): Promise<ServiceId[]> {
	const all = await new ScenarioCatalog().list();
	const every = all.flatMap((entry) => (entry.kind === "scenario" ? entry.description.needs : []));
	const named = [...(scenarios ?? []), ...duets.map(({ scenario }) => scenario)];
	const needs = await Promise.all(
		named.map((scenario) =>
			describe(scenario).then(
				(description) => description.needs,
				() => [],
			),
		),
	);
	return [...new Set([...(scenarios === null ? every : []), ...needs.flat()])];
}
