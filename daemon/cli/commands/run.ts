import type { Command } from "commander";
import type { Started } from "../../api/client.ts";
import { runAsText } from "../../api/run-text.ts";
import { fileOf, type RunFlags, runToEnd, withRunFlags } from "../run-flags.ts";

/** `faultline run NAME|FILE`: by this home's daemon if one answers, else by a private one for this run. */
export default function addRun(program: Command): void {
	withRunFlags(program.command("run <scenario>"))
		.description("run a scenario by name, or a file NAME.scenario.ts of your own")
		.action(run);
}

async function run(scenario: string, flags: RunFlags): Promise<void> {
	const { document, exitCode } = await runToEnd(scenario, flags, (client, params) => {
		const file = fileOf(scenario);
		if (file === null) return client.start(scenario, params);
		return client.post<Started>("/runs", { file, params });
	});
	process.stdout.write(flags.json ? `${JSON.stringify(document)}\n` : runAsText(document));
	process.exitCode = exitCode;
}
