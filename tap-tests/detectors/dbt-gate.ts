import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Test } from "tap";
import { connectPostgres } from "../../base/postgres-client.ts";
import { loadSettings } from "../../daemon/settings.ts";
import { binFolderOf } from "../../daemon/tools/tools.ts";
import {
	type GateEnd,
	type GateFiles,
	gateVerdict,
} from "../../scenarios/contracts/dbt-contracts/gate.ts";
import {
	gateCommand,
	gateEnv,
	readGate,
} from "../../scenarios/contracts/dbt-contracts/gate-run.ts";
import type { Asked, Tools } from "../../scenarios/contracts/dbt-contracts/trial.ts";

// dbt and Postgres without the daemon: the gate as a process that a test starts itself.

/** The folder of dbt's programs, where the cache has it. */
export async function dbtFolder(): Promise<string | null> {
	const { cache: folder } = await loadSettings({});
	return binFolderOf("dbt", { folder, env: process.env });
}

/** Why a test of it can't be. */
export const noDbt = "dbt is not in the cache: faultline stack fetch dbt";

/** What a trial is done with, and what the gate left when it was asked last. */
export interface Bench extends Tools {
	last(): { end: GateEnd; files: GateFiles };
	/** The rows of a query, whatever it is. */
	ask(query: string): Promise<Record<string, unknown>[]>;
	/** Called with the gate's process at each of its starts: to kill it, for one. */
	onStart: (gate: ReturnType<typeof spawn>) => void;
}

interface BenchOptions {
	url: string;
	through?: string;
	bin: string;
	/** `off` is the twin. */
	guard: "on" | "off";
}

/** Gate and database for trials. The gate reaches the database `through` another address, where one is given. */
export async function bench(
	t: Test,
	{ url, through = url, bin, guard }: BenchOptions,
): Promise<Bench> {
	const client = await connectPostgres(url);
	t.teardown(() => client.end());
	const folder = mkdtempSync(join(tmpdir(), "dbt-gate-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	let last: ReturnType<Bench["last"]> | null = null;
	const ask = async (query: string) => (await client.query(query)).rows;
	const made: Bench = {
		last: () => last!,
		onStart: () => {},
		transact: async (statements) => {
			await client.query(["begin", ...statements, "commit"].join(";\n"));
		},
		rows: ask,
		ask,
		gate: async (signal): Promise<Asked> => {
			const end = await runGate(made, { url: through, bin, guard, folder, signal });
			const { files, laps } = readGate(end);
			last = { end, files };
			return { verdict: gateVerdict(end, files), laps };
		},
	};
	return made;
}

function runGate(
	{ onStart }: Pick<Bench, "onStart">,
	how: { url: string; bin: string; guard: "on" | "off"; folder: string; signal: AbortSignal },
): Promise<GateEnd> {
	const { url, bin, guard, folder, signal } = how;
	const path = [bin, process.env.PATH].join(delimiter);
	const [program, ...args] = gateCommand(guard);
	const gate = spawn(join(bin, program!), args, {
		cwd: folder,
		env: { PATH: path, HOME: folder, PYTHONDONTWRITEBYTECODE: "1", ...gateEnv(url) },
		signal,
	});
	onStart(gate);
	return new Promise((resolve, reject) => {
		let output = "";
		for (const stream of [gate.stdout, gate.stderr])
			stream.on("data", (text) => {
				output = (output + text).slice(-262_144);
			});
		gate.on("error", reject);
		gate.on("close", (exitCode, signal) => resolve({ exitCode, signal, output }));
	});
}
