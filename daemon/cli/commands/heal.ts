import type { Command } from "commander";
import { FaultlineError } from "../../../base/errors.ts";
import { healPending } from "../../../chaos/injection.ts";
import { Ledger } from "../../../chaos/ledger.ts";
import { openHome } from "../../home.ts";
import { lockHome } from "../../lock.ts";
import { recoveryTarget } from "../../runs/target.ts";
import { openStack } from "../../stack/stack.ts";
import { runStackOf } from "../../stack-view.ts";
import { findDaemon } from "../find-daemon.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

/** `faultline heal`: takes back what the ledger holds, without a daemon. */
export default function addHeal(program: Command): void {
	withSettings(program.command("heal"))
		.description("take back faults that a dead daemon left behind")
		.action(async (flags: SettingFlags) => {
			const settings = await settingsFrom(flags);
			const daemon = await findDaemon(settings);
			if (daemon !== null) {
				throw new FaultlineError(
					"FLT_CONFLICT",
					`the daemon at ${daemon.url} heals its own faults`,
					`stop the run: curl -X POST ${daemon.url}/runs/RUN/stop`,
				);
			}
			const home = openHome(settings.home);
			const lock = await lockHome(home, "faultline heal");
			try {
				await heal(home, settings);
			} finally {
				lock.release();
			}
		});
}

async function heal(
	home: ReturnType<typeof openHome>,
	settings: Awaited<ReturnType<typeof settingsFrom>>,
): Promise<void> {
	const ledger = new Ledger(home.ledgerFile);
	const count = ledger.pending.length;
	if (count === 0) {
		console.log("nothing to heal: the ledger is empty");
		return ledger.close();
	}
	const say = (line: string) => process.stderr.write(`${line}\n`);
	const stack = await openStack(settings, home, { log: say, progress: say });
	try {
		const failures = await healPending(recoveryTarget(runStackOf(stack, home).toxiproxy), ledger);
		console.log(`healed ${count - failures.length} of ${count}`);
		if (failures.length > 0) {
			throw new FaultlineError(
				"FLT_HEAL_FAILED",
				failures.join("; "),
				"they stay in the ledger: run it again",
			);
		}
	} finally {
		await stack.close();
		ledger.close();
	}
}
