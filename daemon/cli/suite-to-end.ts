import { resolve } from "node:path";
import { pause } from "../../base/clock.ts";
import { exitCodes } from "../../base/exit-codes.ts";
import type { ServiceId } from "../../base/services.ts";
import { forTerminal } from "../../base/terminal.ts";
import { wantedBy } from "../../scenarios/contract/needs.ts";
import { describeFile, describeSuiteFile, ScenarioCatalog, SuiteCatalog } from "../host/catalog.ts";
import { isFile, isSuiteFile } from "../host/named.ts";
import type { SuiteDocument } from "../suites/document.ts";
import { prepareSuite } from "../suites/prepare.ts";
import { atDaemon } from "./at-daemon.ts";
import { paramsOf, type RunFlags } from "./run-flags.ts";
import { settingsFrom } from "./settings-flags.ts";

/** Is a suite meant, by its name or by its file? A scenario of the same name comes first. */
export function isSuite(named: string): boolean {
	if (isFile(named)) return isSuiteFile(named);
	return !new ScenarioCatalog().has(named) && new SuiteCatalog().has(named);
}

/** Runs a suite to its end, by a daemon as `runToEnd` does; tells on stderr which step it is at. */
export async function suiteToEnd(
	named: string,
	flags: RunFlags,
): Promise<{ document: SuiteDocument; exitCode: number }> {
	const settings = await settingsFrom({ ...flags, port: flags.port ?? "0" });
	const say = (line: string) => {
		if (!flags.quiet) process.stderr.write(forTerminal(`${line}\n`));
	};
	const needs = () => needsOfSuite(named, paramsOf(flags));
	return atDaemon({ settings, what: "faultline run", needs, say }, async (at) => {
		const { client } = at;
		const params = paramsOf(flags);
		const { id } = isFile(named)
			? await client.post<{ id: string }>("/suites", { file: resolve(named), params })
			: await client.post<{ id: string }>(`/suites/${encodeURIComponent(named)}/start`, params);
		at.onSignal(() => void client.post(`/suites/runs/${id}/stop`).catch(() => {}));
		let told = "";
		for (;;) {
			// A request that waits for hours would not live as long as a suite does.
			const document = await client.get<SuiteDocument>(`/suites/runs/${id}`);
			if (document.state !== "running")
				return { document, exitCode: at.exitCode ?? document.exitCode ?? exitCodes.invalid };
			if (!at.isPrivate && document.headline !== told) say(document.headline);
			told = document.headline;
			await pause(lookEveryMs);
		}
	});
}
const lookEveryMs = 300;

/** What its steps need together; what no scenario of it takes is refused before any service is started. */
async function needsOfSuite(named: string, params: Record<string, string>): Promise<ServiceId[]> {
	const suite = isFile(named)
		? await describeSuiteFile(resolve(named))
		: await new SuiteCatalog().find(named);
	const catalog = new ScenarioCatalog();
	const { steps } = await prepareSuite(suite, params, (scenario) =>
		isFile(scenario) ? describeFile(scenario) : catalog.find(scenario),
	);
	const needs = steps.flatMap((step) =>
		"description" in step
			? wantedBy(step.description, [{ ...params, ...step.params }]).services
			: [],
	);
	return [...new Set(needs)];
}
