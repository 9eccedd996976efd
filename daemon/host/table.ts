import { entryUrl } from "../../base/entry.ts";
import { messageOf } from "../../base/errors.ts";
import { askProcess } from "./one-answer.ts";
import type { TableAnswer, TableJob } from "./protocol.ts";

const limitMs = 10_000;

/** All values of these runs in a suite's table, worked out in a process of its own. */
export function askForTable(job: TableJob): Promise<TableAnswer> {
	const entry = entryUrl("./table-host.ts", import.meta.url);
	return askProcess<TableAnswer>(entry, job, limitMs).catch((error: unknown) => ({
		ok: false,
		message: messageOf(error),
	}));
}
