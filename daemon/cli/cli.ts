import { Command, CommanderError } from "commander";
import { scanFolder } from "../../base/catalog.ts";
import { codeOf, FaultlineError, messageOf } from "../../base/errors.ts";
import { exitCodes } from "../../base/exit-codes.ts";
import { forTerminal } from "../../base/terminal.ts";
import { ownVersion } from "../record/environment.ts";
import { refuseTwice } from "./given-once.ts";
import { silenceKnownWarnings } from "./warnings.ts";

/** A file in `commands/` default-exports one; the file's name is the command. */
export type AddCommand = (program: Command) => void;

/** Runs one command line (without node and script). Rejects with what it died of; `reportAndExit` knows the codes. */
export async function runCli(argv: readonly string[]): Promise<void> {
	process.stdout.off("error", onOutLost).on("error", onOutLost);
	process.stderr.off("error", onErrLost).on("error", onErrLost);
	silenceKnownWarnings();
	const program = new Command("faultline")
		.description("Load, faults and judgement for data pipelines.")
		.version(ownVersion())
		.exitOverride()
		.configureHelp({ sortSubcommands: true })
		.showSuggestionAfterError();
	const commands = scanFolder(new URL("./commands/", import.meta.url));
	// A command that is named needs no other: `faultline load` is to start in a fraction of the time all of them take.
	const named = commands.get(argv[0] ?? "");
	for (const url of named === undefined ? commands.values() : [named]) {
		((await import(url.href)) as { default: AddCommand }).default(program);
	}
	refuseTwice(program.commands);
	await program.parseAsync(argv, { from: "user" });
}

/**
 * A stream that can't be written any more must not end what heals and cleans up. A reader that has gone (`faultline list
 * | head`, a closed terminal) wants nothing more; of any other loss, a full disk say, the exit code tells.
 */
function onOutLost(error: NodeJS.ErrnoException): void {
	if (isReaderGone(error) || process.listeners("exit").includes(exitInvalid)) return;
	onErrLost(error);
	console.error(`faultline: FLT_COMPONENT_LOST: the output can't be written: ${error.message}`);
}

function onErrLost(error: NodeJS.ErrnoException): void {
	if (!isReaderGone(error)) process.off("exit", exitInvalid).once("exit", exitInvalid);
}

/** Last of all: until then a command may set the code of what it found. */
function exitInvalid(): void {
	if ((process.exitCode ?? exitCodes.passed) === exitCodes.passed)
		process.exitCode = exitCodes.invalid;
}

function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
	return code === "EPIPE" || code === "EIO";
}

/** Says what went wrong, what to do, and leaves with the exit code of the error. */
export function reportAndExit(error: unknown): void {
	if (error instanceof CommanderError) {
		// Commander has written its own message; help and version are no mistakes.
		process.exitCode = error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
		return;
	}
	if (error instanceof FaultlineError) {
		console.error(forTerminal(`faultline: ${error.code}: ${error.message}`));
		if (error.hint !== "") console.error(forTerminal(`  ${error.hint}`));
		process.exitCode = error.exitCode;
		return;
	}
	if (isOfSystem(error)) {
		console.error(forTerminal(`faultline: ${messageOf(error)}`));
		console.error("  look at the path, who may write to it, and the room on its disk");
		process.exitCode = exitCodes.crashed;
		return;
	}
	console.error(
		forTerminal(`faultline: ${error instanceof Error ? error.stack : messageOf(error)}`),
	);
	process.exitCode = exitCodes.crashed;
}

/** What the system refused is no mistake of ours, and where it was met helps nobody. */
function isOfSystem(error: unknown): boolean {
	return error instanceof Error && "syscall" in error && /^E[A-Z0-9]+$/.test(codeOf(error) ?? "");
}
