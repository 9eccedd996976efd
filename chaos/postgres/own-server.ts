import { statSync } from "node:fs";
import type pg from "pg";
import { FaultlineError } from "../../base/errors.ts";
import { readProc, statOf } from "../../base/proc.ts";
import type { Target } from "../target.ts";
import type { Owner } from "./small-file-system.ts";

/**
 * The user that this Postgres runs as, where this daemon started it; `FLT_NO_PATH` for one elsewhere. The session's own
 * process on this machine tells: it works in the data directory, and its parent carries our mark.
 */
export async function ownerOfServer(
	client: pg.Client,
	{ env }: Pick<Target, "env">,
	on: string,
): Promise<Owner> {
	const { rows } = await client.query<{ pid: number; folder: string }>(
		"select pg_backend_pid() as pid, current_setting('data_directory') as folder",
	);
	const { pid, folder } = rows[0]!;
	const parent = statOf(pid)?.parentPid;
	const variables = parent === undefined ? null : readProc(parent, "environ");
	const marked = variables?.split("\0").includes(`FAULTLINE_INSTANCE=${env.FAULTLINE_INSTANCE}`);
	if (marked && sameFolder(`/proc/${pid}/cwd`, folder)) {
		const { uid, gid } = statSync(`/proc/${pid}`);
		return { uid, gid };
	}
	throw new FaultlineError(
		"FLT_NO_PATH",
		`the Postgres behind path "${on}" was not started by this daemon: its process ${pid} with the data in ${folder} is not among ours`,
		"start without FAULTLINE_POSTGRES_URL: this kind needs a server on this machine, and acts only on our own",
	);
}

function sameFolder(one: string, other: string): boolean {
	try {
		const [a, b] = [statSync(one), statSync(other)];
		return a.dev === b.dev && a.ino === b.ino;
	} catch {
		return false; // another machine's, or another user's
	}
}
