import { fileURLToPath } from "node:url";
import { buildSchema } from "./build-schemas.ts";
import type { GateEnd, GateFiles } from "./gate.ts";

/** The dbt project's own folder. */
export const projectFolder = new URL("dbt/", import.meta.url);

/** The gate's program; it works in whatever folder it is started in. */
export function gateCommand(guard: "on" | "off"): string[] {
	const program = fileURLToPath(new URL("gate.py", projectFolder));
	return ["python", program, ...(guard === "off" ? ["--without-contracts"] : [])];
}

/** What it reads from the environment; nothing of it leaves the machine, where a blocked call would cost tens of seconds. */
export function gateEnv(postgresUrl: string): Record<string, string> {
	return {
		DATABASE_URL: postgresUrl,
		DBT_SCHEMA: buildSchema,
		DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
		DO_NOT_TRACK: "1",
	};
}

/** How long each part of the gate took; of one that was not reached, nothing. */
export type Laps = Partial<Record<"start" | "parse" | "freshness" | "build", number>>;

const mark = "GATE ";

/** What the gate said in its last line. One that was killed has said nothing, or half of it. */
export function readGate({ output }: Pick<GateEnd, "output">): { files: GateFiles; laps: Laps } {
	const line = output.trimEnd().split("\n").at(-1) ?? "";
	try {
		const said = JSON.parse(line.startsWith(mark) ? line.slice(mark.length) : "");
		const { tookMs, ...files } = said as GateFiles & { tookMs: Laps };
		return { files, laps: tookMs };
	} catch {
		return { files: { sources: null, runResults: null, manifest: null }, laps: {} };
	}
}
