import { appId } from "../names.ts";
import type { Action, AddFile, MetaData } from "./actions.ts";
import { offsetAppId } from "./position.ts";
import type { TableFiles } from "./store.ts";

/** Another writer has committed this version: whoever meets it knows an older table than there is. */
export class VersionTaken extends Error {
	constructor(path: string) {
		super(`${path} is there already: another writer has committed it`);
	}
}

/** A table as its log has it at some version. */
export interface TableState {
	/** -1 before the first commit. */
	version: number;
	metaData: MetaData | null;
	/** Null where nothing has said how far it has come. */
	lsn: number | null;
	/** Where the topic goes on that it came through; null where it came through none. */
	offset: number | null;
	/** By path. */
	files: ReadonlyMap<string, AddFile>;
}

export const emptyState: TableState = {
	version: -1,
	metaData: null,
	lsn: null,
	offset: null,
	files: new Map(),
};

const logFolder = "_delta_log";
const commitName = /^\d{20}\.json$/;

/** The table by all of its log; `listed` is told each file that a version has ever brought. */
export async function readLog(
	table: TableFiles,
	listed: (path: string) => void,
): Promise<TableState> {
	const names = (await table.list(logFolder)).filter((name) => commitName.test(name));
	let state = emptyState;
	for (const name of names.sort()) {
		const text = (await table.read(`${logFolder}/${name}`)).toString();
		const lines = text.trim().split("\n");
		const actions = lines.map((line) => JSON.parse(line) as Action);
		state = after(state, actions);
		for (const action of actions) if ("add" in action) listed(action.add.path);
	}
	return state;
}

/** The table once these actions are committed. */
export function after(state: TableState, actions: readonly Action[]): TableState {
	const files = new Map(state.files);
	let { metaData, lsn, offset } = state;
	for (const action of actions) {
		if ("add" in action) files.set(action.add.path, action.add);
		else if ("remove" in action) files.delete(action.remove.path);
		else if ("metaData" in action) metaData = action.metaData;
		else if (!("txn" in action)) continue;
		else if (action.txn.appId === appId) lsn = action.txn.version;
		else if (action.txn.appId === offsetAppId) offset = action.txn.version;
	}
	return { version: state.version + 1, metaData, lsn, offset, files };
}

/** Commits the version after this one, whole or not at all, and never over another's. */
export async function commit(
	table: TableFiles,
	state: TableState,
	actions: readonly Action[],
): Promise<TableState> {
	const path = `${logFolder}/${String(state.version + 1).padStart(20, "0")}.json`;
	const lines = actions.map((action) => `${JSON.stringify(action)}\n`);
	if (!(await table.writeIfAbsent(path, Buffer.from(lines.join(""))))) throw new VersionTaken(path);
	return after(state, actions);
}
