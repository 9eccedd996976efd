import type { Command } from "commander";
import { FaultlineError } from "../../../base/errors.ts";
import { exitCodes } from "../../../base/exit-codes.ts";
import { forTerminal } from "../../../base/terminal.ts";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { durationMs } from "../../../load/quantities.ts";
import { faultsAsText } from "../../api/views.ts";
import type { ApiClient } from "../../client/client.ts";
import { table } from "../../text/table.ts";
import { findDaemon } from "../find-daemon.ts";
import { pairOf, refuseKnown } from "../run-flags.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface InjectFlags extends SettingFlags {
	on: string;
	for: string;
	param: Record<string, string | number | boolean>;
}

/** `faultline faults inject|list|heal|kinds`: faults by hand, through the daemon of this home. */
export default function addFaults(program: Command): void {
	const faults = program.command("faults").description("faults by hand, in the running daemon");
	withSettings(faults.command("inject <kind>"))
		.description("break something now; it is healed after --for at the latest")
		.requiredOption("--on <name>", "a path or subject of the active run, or postgres, redis, kafka")
		.requiredOption("--for <time>", "its time limit, such as 5s")
		.option("-p, --param <key=value>", "a parameter of the kind; may be repeated", collect, {})
		.action(inject);
	withSettings(faults.command("list"))
		.description("the faults in force")
		.action(async (flags: SettingFlags) => {
			const daemon = await daemonOf(flags);
			const document = await daemon.get<Parameters<typeof faultsAsText>[0]>("/faults");
			process.stdout.write(forTerminal(faultsAsText(document)));
		});
	withSettings(faults.command("heal <id>"))
		.description("heal a fault that was injected by hand; faultline heal heals everything")
		.action(async (id: string, flags: SettingFlags) => {
			const daemon = await daemonOf(flags);
			report(await daemon.delete<FaultRecord>(`/faults/${encodeURIComponent(id)}`));
		});
	withSettings(faults.command("kinds"))
		.description("the kinds there are, and their parameters")
		.action(kinds);
}

async function inject(kind: string, flags: InjectFlags): Promise<void> {
	const daemon = await daemonOf(flags);
	const forMs = durationMs(flags.for, "--for");
	const body = { kind, on: flags.on, params: flags.param, forMs };
	report(await daemon.post<FaultRecord>("/faults", body));
}

/** Exit 12 where no effect was seen, 14 where it could not be taken back: as a run would be judged. */
function report({ id, kind, on, state, seen }: FaultRecord): void {
	const last = seen.length > 0 ? ` (${seen.at(-1)})` : "";
	console.log(forTerminal(`${id} ${kind} on ${on}: ${state}${last}`));
	if (state === "no_effect") process.exitCode = exitCodes.invalid;
	if (state === "heal_failed") process.exitCode = exitCodes.unhealed;
}

async function kinds(flags: SettingFlags): Promise<void> {
	const daemon = await daemonOf(flags);
	interface Kind {
		kind: string;
		acts: string;
		victim: string;
		params: { properties?: Record<string, { description?: string }> };
		unavailable: string | null;
	}
	interface Broken {
		kind: string;
		error: string;
	}
	const { kinds, broken } = await daemon.get<{ kinds: Kind[]; broken: Broken[] }>("/faults/kinds");
	const rows = kinds.map(({ kind, acts, victim, params, unavailable }) => [
		kind,
		acts,
		Object.keys(params.properties ?? {}).join(", "),
		unavailable === null ? victim : `unavailable: ${unavailable}`,
	]);
	rows.push(...broken.map(({ kind, error }) => [kind, "", "", `BROKEN: ${error}`]));
	const head = ["kind", "acts on", "parameters", "what the victim sees"];
	process.stdout.write(forTerminal(table([head, ...rows])));
}

async function daemonOf(flags: SettingFlags): Promise<ApiClient> {
	const settings = await settingsFrom(flags);
	const daemon = await findDaemon(settings);
	if (daemon !== null) return daemon;
	throw new FaultlineError(
		"FLT_NO_DAEMON",
		`no daemon answers for ${settings.home}`,
		"faultline start starts one; faultline heal heals without one",
	);
}

/** Numbers and booleans are what they look like. */
function collect(
	text: string,
	known: Record<string, string | number | boolean>,
): Record<string, string | number | boolean> {
	const [key, value] = pairOf(text);
	refuseKnown(key, known);
	if (value === "true" || value === "false") return { ...known, [key]: value === "true" };
	return { ...known, [key]: /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value };
}
