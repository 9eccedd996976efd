import type { Command } from "commander";
import { FaultlineError } from "../../base/errors.ts";

const commands: Record<string, string> = {
	nightly: "the nightly",
};

/** Commands of the design whose time has not come say so, instead of looking mistyped. */
export function addNotYet(program: Command): void {
	for (const [name, what] of Object.entries(commands)) {
		program
			.command(name, { hidden: true })
			.allowUnknownOption()
			.allowExcessArguments()
			.action(() => {
				throw new FaultlineError(
					"FLT_NOT_YET",
					`faultline ${name} is not there yet: ${what}`,
					"a later version brings it",
				);
			});
	}
}
