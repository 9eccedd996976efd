import type { Command } from "commander";
import { withoutSettings } from "../../../base/env.ts";
import { FaultlineError } from "../../../base/errors.ts";
import { exitCodes } from "../../../base/exit-codes.ts";
import { forTerminal } from "../../../base/terminal.ts";
import { type StackDocument, stackAsText, stackDocument } from "../../api/views.ts";
import { knownHome, openHome } from "../../home/home.ts";
import { lockHome } from "../../home/lock.ts";
import type { Settings } from "../../settings.ts";
import { runningServices, takeDown, urlOfRunning } from "../../stack/detached.ts";
import { fetchAll, fetchable } from "../../stack/fetch-all.ts";
import { openStack } from "../../stack/stack.ts";
import { table } from "../../text/table.ts";
import { findDaemon } from "../find-daemon.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";
import { endOnSignals } from "../signals.ts";

/** `faultline stack up|down|status|url|fetch`: the services of this home, with or without a daemon. */
export default function addStack(program: Command): void {
	const stack = program.command("stack").description("the services of this home");
	withSettings(stack.command("up"))
		.description(
			"start the services and leave them running until stack down; runs and daemons use them",
		)
		.action(async (flags: SettingFlags) => up(await settingsFrom(flags)));
	withSettings(stack.command("down"))
		.description("end the services that run without a daemon")
		.action(async (flags: SettingFlags) => down(await settingsFrom(flags)));
	withSettings(stack.command("status"))
		.description("what is up, and where")
		.action(async (flags: SettingFlags) => status(await settingsFrom(flags)));
	withSettings(stack.command("fetch [names...]"))
		.description("fetch components and tools into the cache, before anything needs them")
		.option("--all", "all that there is")
		.action(async (names: string[], flags: SettingFlags & { all?: boolean }) =>
			fetch(await settingsFrom(flags), flags.all ? await fetchable() : names),
		);
	withSettings(stack.command("url <service>"))
		.description("where one that runs is reached, with its password: for you alone")
		.action(async (service: string, flags: SettingFlags) => {
			const { home } = await settingsFrom(flags);
			console.log(await urlOfRunning(knownHome(home), service));
		});
}

async function up(settings: Settings): Promise<void> {
	const daemon = await findDaemon(settings);
	if (daemon !== null) return show(await daemon.post<StackDocument>("/stack/up"), settings);
	const home = openHome(settings.home);
	const lock = await lockHome(home, "faultline stack up");
	try {
		const say = (line: string) => process.stderr.write(forTerminal(`${line}\n`));
		const stack = await openStack(settings, home, { log: say, progress: say });
		stack.keepUp();
		show(stackDocument(stack.status()), settings);
	} finally {
		lock.release();
	}
}

function show(document: StackDocument, { services }: Settings): void {
	process.stdout.write(forTerminal(stackAsText(document)));
	const asked: readonly string[] = [...services, "toxiproxy"];
	// Of a cluster each broker has a line: `kafka-2` is asked for with `kafka`.
	const isAsked = (name: string) => asked.some((one) => name === one || name.startsWith(`${one}-`));
	if (document.components.some(({ name, state }) => state === "missing" && isAsked(name)))
		process.exitCode = exitCodes.missing;
}

/** Like every fetch, it can be ended at any time, and goes on with what has come when it is begun again. */
async function fetch({ cache: folder }: Settings, names: readonly string[]): Promise<void> {
	if (names.length === 0)
		throw new FaultlineError(
			"FLT_USAGE",
			"nothing is named that should be fetched",
			`name some of ${(await fetchable()).join(", ")}, or all by --all`,
		);
	const ending = endOnSignals(
		() => {},
		() => {},
	);
	const progress = (line: string) => process.stderr.write(forTerminal(`${line}\n`));
	const cache = { folder, progress, env: withoutSettings(process.env), signal: ending.signal };
	const results = await fetchAll(names, cache).catch((error: unknown) => {
		if (ending.exitCode === null) throw error;
		progress("ended; begun again, it goes on with what has come");
		process.exitCode = ending.exitCode;
		return [];
	});
	ending.release();
	for (const result of results) {
		if ("where" in result) console.log(`${result.name} ${result.version} ${result.where}`);
		else progress(`${result.name} can't be had: ${result.error}. ${result.fix}`);
	}
	if (results.some((result) => "error" in result)) process.exitCode = exitCodes.missing;
}

async function down(settings: Settings): Promise<void> {
	const daemon = await findDaemon(settings);
	if (daemon !== null) {
		throw new FaultlineError(
			"FLT_CONFLICT",
			`the daemon at ${daemon.url} uses these services`,
			"end the daemon first (Ctrl-C, or q in its dashboard)",
		);
	}
	const home = knownHome(settings.home);
	const lock = await lockHome(home, "faultline stack down");
	try {
		const stopped = await takeDown(home);
		console.log(stopped.length > 0 ? `ended ${stopped.join(", ")}` : "nothing was running");
	} finally {
		lock.release();
	}
}

async function status(settings: Settings): Promise<void> {
	const daemon = await findDaemon(settings);
	if (daemon === null) {
		const running = await runningServices(knownHome(settings.home));
		const rows = running.map(({ id, version, address }) => [id, version, address]);
		process.stdout.write(
			rows.length > 0
				? table([["component", "version", "direct"], ...rows])
				: "nothing runs; faultline doctor says what could be started\n",
		);
		return;
	}
	process.stdout.write(forTerminal(stackAsText(await daemon.get<StackDocument>("/stack"))));
}
