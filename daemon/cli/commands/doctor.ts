import type { Command } from "commander";
import { exitCodes } from "../../../base/exit-codes.ts";
import { forTerminal } from "../../../base/terminal.ts";
import { examine, renderPicture } from "../../stack/doctor.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	json?: boolean;
}

/** `faultline doctor`: what is there, what is missing and how to get it. Starts and fetches nothing. */
export default function addDoctor(program: Command): void {
	withSettings(program.command("doctor"))
		.description("what is there, what is missing and how to get it")
		.option("--json", "as JSON")
		.action(async (flags: Flags) => {
			const picture = await examine(await settingsFrom(flags));
			process.stdout.write(
				forTerminal(flags.json ? `${JSON.stringify(picture)}\n` : renderPicture(picture)),
			);
			if (picture.components.some(({ state }) => state === "missing"))
				process.exitCode = exitCodes.missing;
		});
}
