import type { Command } from "commander";
import { type Daemon, startDaemon } from "../../daemon.ts";
import { openHome } from "../../home/home.ts";
import { createLog } from "../../home/log.ts";
import { ownerToken } from "../../home/owner-token.ts";
import { stayingUp } from "../../stack/record.ts";
import { noDashboardWhy, openDashboard } from "../dashboard.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";
import { endOnSignals } from "../signals.ts";

interface Flags extends SettingFlags {
	dashboard: boolean;
}

/** `faultline start`: the daemon, with the dashboard where there is a terminal, else plain log lines. */
export default function addStart(program: Command): void {
	withSettings(program.command("start"))
		.description("start the services and the daemon; ends with Ctrl-C")
		.option("--no-dashboard", "log lines even in a terminal")
		.action(async (flags: Flags) => start(flags));
}

async function start(flags: Flags): Promise<void> {
	const settings = await settingsFrom(flags);
	const log = createLog();
	const { logFile } = openHome(settings.home);
	// Nobody reads any more: what is said from now on is for whoever looks for the reasons.
	process.stdout.once("error", () => log.toFile(logFile));
	const ended = Promise.withResolvers<string>();
	const ending = endOnSignals(
		(name) => {
			log.line(`${name}: healing faults, ending runs and services`);
			ended.resolve(name);
		},
		() => log.line("already ending; faults are healed first"),
	);
	let daemon: Daemon;
	try {
		daemon = await startDaemon({
			settings,
			log: log.line,
			what: "the daemon",
			isStanding: true,
			signal: ending.signal,
		});
	} catch (error) {
		if (ending.exitCode === null) throw error;
		process.exitCode = ending.exitCode;
		return;
	}
	log.plain(`ready ${daemon.url}`);
	const noneWhy = noDashboardWhy();
	if (flags.dashboard && noneWhy !== null && process.stdout.isTTY)
		log.line(`no dashboard: ${noneWhy}`);
	if (flags.dashboard && noneWhy === null) {
		log.toFile(logFile);
		const { signal } = ending;
		void openDashboard(daemon.url, { owner: true, token: ownerToken(daemon.home), signal }).then(
			(quit) => {
				log.toTerminal();
				if (signal.aborted) return;
				// A dashboard that crashed is no reason to end the daemon: the log goes on.
				if (quit) ended.resolve("the dashboard was left");
				else log.line("the dashboard ended; the daemon goes on. Ctrl-C ends it");
			},
		);
	}
	const why = await ended.promise;
	await daemon.close(why);
	ending.release();
	log.line(
		stayingUp(daemon.home).length === 0
			? "ended; nothing is left running"
			: "ended; what stack up has started goes on: faultline stack down ends it",
	);
	// Whatever timer or socket is left, nobody waits for it any more.
	process.exit(ending.exitCode ?? 0);
}
