import { existsSync } from "node:fs";
import type { Command } from "commander";
import { FaultlineError } from "../../../base/errors.ts";
import { redacted } from "../../../base/redact.ts";
import { forTerminal } from "../../../base/terminal.ts";
import { healPending } from "../../../chaos/healing.ts";
import { Ledger } from "../../../chaos/ledger.ts";
import { ToxiproxyClient } from "../../../toxiproxy/client.ts";
import type { ApiClient } from "../../client/client.ts";
import type { FaultLeft, HealedAll } from "../../faults/by-hand.ts";
import { givePasswords } from "../../faults/give-passwords.ts";
import { type Home, openHome } from "../../home/home.ts";
import { lockHome } from "../../home/lock.ts";
import type { Settings } from "../../settings.ts";
import { runningServices } from "../../stack/detached.ts";
import { openStack } from "../../stack/stack.ts";
import { runStackOf } from "../../stack-view.ts";
import { recoveryTarget, type TargetStack } from "../../stage/target.ts";
import { findDaemon } from "../find-daemon.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	force?: boolean;
	release?: boolean;
	drop?: string;
}

/**
 * `faultline heal`: takes back every fault. With a daemon that answers it is its red button (`POST /heal`); without
 * one it heals what the ledger holds; `--force` does that beside a daemon that hangs.
 */
export default function addHeal(program: Command): void {
	withSettings(program.command("heal"))
		.description("take back every fault, with or without a daemon")
		.option("--force", "beside a daemon that hangs, from the ledger alone")
		.option("--release", "let a daemon that was healed take runs and faults again")
		.option("--drop <id>", "give up one that can't be healed and that you have taken back yourself")
		.action(async (flags: Flags) => {
			const settings = await settingsFrom(flags);
			if (flags.drop !== undefined) return drop(settings, flags.drop);
			if (flags.force) return healBeside(settings, openHome(settings.home));
			const daemon = await findDaemon(settings);
			if (daemon !== null) return flags.release ? release(daemon) : pressButton(daemon);
			const home = openHome(settings.home);
			const lock = await lockHome(home, "faultline heal");
			try {
				await healAlone(home, settings);
			} finally {
				lock.release();
			}
		});
}

async function pressButton(daemon: ApiClient): Promise<void> {
	const { healed, stoppedRuns } = await daemon.post<HealedAll>("/heal");
	for (const { kind, on, state } of healed) console.log(`${kind} on ${on}: ${state}`);
	for (const id of stoppedRuns) console.log(`stopped run ${id}`);
	if (healed.length === 0) console.log("no fault was in force");
	console.log("new runs and faults are blocked until: faultline heal --release");
}

async function release(daemon: ApiClient): Promise<void> {
	await daemon.post("/heal/release");
	console.log("new runs and faults are let in again");
}

async function healAlone(home: Home, settings: Settings): Promise<void> {
	const ledger = new Ledger(home.ledgerFile);
	try {
		if (ledger.pending.length === 0) return console.log("nothing to heal: the ledger is empty");
		const say = (line: string) => process.stderr.write(`${line}\n`);
		const stack = await openStack(settings, home, { log: say, progress: say });
		try {
			givePasswords(ledger, home);
			await heal(runStackOf(stack, home), ledger);
		} finally {
			await stack.close();
		}
	} finally {
		ledger.close();
	}
}

/** Forgets a fault, and says what its healing would have taken back. */
async function drop(settings: Settings, id: string): Promise<void> {
	const daemon = await findDaemon(settings);
	if (daemon !== null)
		return told(await daemon.post<FaultLeft>(`/faults/${encodeURIComponent(id)}/drop`));
	const home = openHome(settings.home);
	const lock = await lockHome(home, "faultline heal");
	const ledger = new Ledger(home.ledgerFile);
	try {
		const dropped = ledger.drop(id);
		if (dropped !== null) return told(dropped);
		throw new FaultlineError(
			"FLT_NOT_FOUND",
			`no fault "${id}" is left in the ledger`,
			`left: ${ledger.pending.map(({ faultId }) => faultId).join(", ") || "none"}`,
		);
	} finally {
		ledger.close();
		lock.release();
	}
}

function told({ faultId, kind, on, undo }: Pick<FaultLeft, "faultId" | "kind" | "on" | "undo">) {
	const what = redacted(undo);
	console.log(
		forTerminal(`dropped ${faultId}: ${kind} on ${on}; not taken back: ${JSON.stringify(what)}`),
	);
}

/** The daemon holds the lock and its file open: what is healed is appended, and nothing is started or rewritten. */
async function healBeside(settings: Settings, home: Home): Promise<void> {
	if (!existsSync(home.ledgerFile)) return console.log("nothing to heal: there is no ledger");
	const ledger = new Ledger(home.ledgerFile, "as it is");
	const running = await runningServices(home);
	const address = running.find(({ id }) => id === "toxiproxy")?.address;
	const url = settings.toxiproxyUrl ?? (address === undefined ? null : `http://${address}`);
	try {
		const stack = {
			get toxiproxy() {
				if (url !== null) return new ToxiproxyClient(url);
				throw new FaultlineError("FLT_COMPONENT_MISSING", "no Toxiproxy of this home runs", "");
			},
		};
		if (ledger.pending.length === 0) console.log("nothing to heal: the ledger is empty");
		else await heal(stack, ledger);
	} finally {
		ledger.close();
	}
}

async function heal(stack: Pick<TargetStack, "toxiproxy">, ledger: Ledger): Promise<void> {
	const count = ledger.pending.length;
	const failures = await healPending(recoveryTarget(stack), ledger);
	console.log(`healed ${count - failures.length} of ${count}`);
	if (failures.length === 0) return;
	throw new FaultlineError(
		"FLT_HEAL_FAILED",
		failures.join("; "),
		"they stay in the ledger: run it again; --drop ID gives one up that you have taken back yourself",
	);
}
