import type { Command } from "commander";
import { FaultlineError } from "../../base/errors.ts";

/**
 * Refuses an option that is given twice with a value, in these commands and theirs: the parser would take the last and
 * say nothing of the others, an objective say. Options with a reader of their own, which collect, may be repeated.
 */
export function refuseTwice(commands: readonly Command[]): void {
	for (const command of commands) {
		for (const option of command.options) {
			if (!(option.required || option.optional) || option.parseArg !== undefined) continue;
			let first: string | null = null;
			command.on(`option:${option.name()}`, (value: string) => {
				if (first !== null) throw twice(option.long ?? option.flags, first, value);
				first = value;
			});
		}
		refuseTwice(command.commands);
	}
}

function twice(flag: string, first: string, second: string): FaultlineError {
	return new FaultlineError(
		"FLT_USAGE",
		`${flag} is there twice, as ${JSON.stringify(first)} and ${JSON.stringify(second)}`,
		"give it once",
	);
}
