import { resolve } from "node:path";
import type { Command } from "commander";
import { FaultlineError } from "../../base/errors.ts";
import { exitCodes } from "../../base/exit-codes.ts";
import type { ServiceId } from "../../base/services.ts";
import { forTerminal } from "../../base/terminal.ts";
import { wantedBy } from "../../scenarios/contract/needs.ts";
import { resolveParams } from "../../scenarios/contract/params.ts";
import type { ApiClient, Started } from "../client/client.ts";
import { describeFile, ScenarioCatalog } from "../host/catalog.ts";
import { isFile } from "../host/named.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import type { ReasonCode, RunDocument } from "../record/document.ts";
import { atDaemon } from "./at-daemon.ts";
import { eventLine } from "./event-line.ts";
import { type SettingFlags, settingsFrom, withSettings } from "./settings-flags.ts";

export interface RunFlags extends SettingFlags {
	param: Record<string, string>;
	seed?: string;
	size?: string;
	guard?: string;
	retries?: string;
	allowDestructive?: boolean;
	json?: boolean;
	quiet?: boolean;
}

export const destructiveFlag =
	"faults may break what Faultline has not started, where a plan says so: processes that run anyhow are frozen and killed";

/** The flags of every command that runs a scenario. */
export function withRunFlags(command: Command): Command {
	return withSettings(command)
		.option("-p, --param <key=value>", "a parameter; may be repeated", collect, {})
		.option("--seed <n>", "uint32, or random (default 1)")
		.option("--size <size>", "small, default or large")
		.option("--guard <on|off>", "off runs the naive twin")
		.option("--allow-destructive", destructiveFlag)
		.option("--json", "the record as JSON on stdout")
		.option("--quiet", "no progress on stderr");
}

/**
 * Runs a scenario to its end, by this home's daemon if one answers, else by a private one for this run; tells its
 * events on stderr. Resolves with the record of its last try, and the exit code where a signal ended it.
 */
export async function runToEnd(
	scenario: string,
	flags: RunFlags,
	start: (client: ApiClient, params: Record<string, string>) => Promise<Started>,
): Promise<{ document: RunDocument; exitCode: number }> {
	const settings = await settingsFrom({ ...flags, port: flags.port ?? "0" });
	const say = (line: string) => {
		if (!flags.quiet) process.stderr.write(forTerminal(`${line}\n`));
	};
	const needs = async () => {
		const description = await describe(scenario);
		const { params: schema, sizes, guarded } = description;
		// A mistake costs no start of services.
		const { params } = resolveParams({ schema, sizes, guarded }, paramsOf(flags));
		return wantedBy(description, [params]).services;
	};
	return atDaemon({ settings, what: "faultline run", needs, say }, async (at) => {
		const { client } = at;
		const { runId } = await start(client, paramsOf(flags));
		at.onSignal(() => void client.post(`/runs/${runId}/stop`).catch(() => {}));
		const document = await client.finished(runId, (event) => {
			const line = eventLine(event);
			if (line !== null) say(line);
		});
		return { document, exitCode: at.exitCode ?? exitCodeOf(document) };
	});
}

export function paramsOf(flags: RunFlags): Record<string, string> {
	const { seed, size, guard, retries, param } = flags;
	const allowDestructive = flags.allowDestructive ? "true" : undefined;
	const reserved = Object.entries({ seed, size, guard, retries, allowDestructive }).filter(
		([, value]) => value !== undefined,
	);
	return { ...param, ...Object.fromEntries(reserved) } as Record<string, string>;
}

/** Is it a file of the user's own, or a name? */
export function fileOf(scenario: string): string | null {
	return isFile(scenario) ? resolve(scenario) : null;
}

export function describe(scenario: string): Promise<ScenarioDescription> {
	const file = fileOf(scenario);
	return file === null ? new ScenarioCatalog().find(scenario) : describeFile(file);
}

/** What these scenarios need together; one that can't be read needs nothing, and is told when it is to be run. */
export async function needsOf(scenarios: readonly string[]): Promise<ServiceId[]> {
	const catalog = new ScenarioCatalog();
	// Once for all of them: each `find` would describe what no other has described yet.
	if (!scenarios.every(isFile)) await catalog.list();
	const needs = await Promise.all(
		[...new Set(scenarios)].map((scenario) =>
			(isFile(scenario) ? describeFile(scenario) : catalog.find(scenario)).then(
				(description) => description.needs,
				() => [],
			),
		),
	);
	return [...new Set(needs.flat())];
}

/**
 * 0 passed, 1 where it crashed, 10 failed, 12 invalid, 14 when something could not be healed. That failing was expected
 * makes no 0 of it; but what passes and should have failed, such as a naive twin, is 10: its checks have seen nothing.
 */
export function exitCodeOf({
	verdict,
	asExpected,
	reasons,
}: Pick<RunDocument, "verdict" | "asExpected" | "reasons">): number {
	const has = (wanted: ReasonCode) => reasons.some(({ code }) => code === wanted);
	if (has("heal_failed")) return exitCodes.unhealed;
	if (has("crashed")) return exitCodes.crashed;
	switch (verdict) {
		case "passed":
			return asExpected === false ? exitCodes.failed : exitCodes.passed;
		case "failed":
			return exitCodes.failed;
		case "invalid":
		case null:
			return exitCodes.invalid;
		default:
			return verdict satisfies never;
	}
}

function collect(text: string, known: Record<string, string>): Record<string, string> {
	const [name, value] = pairOf(text);
	refuseKnown(name, known);
	return { ...known, [name]: value };
}

/** The pairs of a flag that collects `name=value`; none twice. */
export function pairsOf(texts: readonly string[]): Record<string, string> {
	return texts.reduce<Record<string, string>>((known, text) => collect(text, known), {});
}

/** Refuses a parameter that was given before: the last would be taken in silence. */
export function refuseKnown(name: string, known: Record<string, unknown>): void {
	if (Object.hasOwn(known, name))
		throw new FaultlineError("FLT_USAGE", `${name}=… is there twice`, "give it once");
}

/** The two sides of `-p name=value`. */
export function pairOf(text: string): [name: string, value: string] {
	const at = text.indexOf("=");
	if (at < 1) throw new FaultlineError("FLT_USAGE", `-p is "${text}"`, "write -p name=value");
	return [text.slice(0, at), text.slice(at + 1)];
}
