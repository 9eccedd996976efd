import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectPostgres } from "faultline/subject";
import { type Database, Scratch } from "../../../subjects/gate/scratch.ts";
import { OwnGate } from "./own-gate.ts";
import { DatacontractCli } from "./tool.ts";

/** Our gate and the tool, on the same database. */
export interface Both {
	gate: Pick<OwnGate, "findings">;
	/** Where the gate tries what it is asked about. */
	scratch: Pick<Scratch, "findings">;
	tool: Pick<DatacontractCli, "ask">;
	/** Where states are made for the tool. */
	database: Database;
}

/** Both as they are, for as long as an action takes; `url` is of the scratch database, with the role that the gate has. */
export async function withBoth<T>(
	url: string,
	seed: number,
	action: (both: Both) => Promise<T>,
): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), "contract-gate-"));
	const scratch = new Scratch(() => connectPostgres(url), 10_000);
	const tool = new DatacontractCli(url);
	const database = await connectPostgres(url);
	try {
		const gate = await OwnGate.open(folder, scratch, seed);
		return await action({ gate, scratch, tool, database });
	} finally {
		tool.close();
		await Promise.all([scratch.close(), database.end()]);
		rmSync(folder, { recursive: true, force: true });
	}
}
