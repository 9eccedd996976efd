import { appId } from "../names.ts";
import { type Action, type AddFile, type MetaData, protocol } from "./actions.ts";
import { actionsIn, checkpointOf, type KeptAction } from "./checkpoint.ts";
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
/** Says which checkpoint is the last one that is whole. */
const lastCheckpointPath = `${logFolder}/_last_checkpoint`;

/** The table by its log, from the last checkpoint on; `told` is told the actions, in their order. */
export async function readLog(
	table: TableFiles,
	told: (actions: readonly Action[]) => void,
): Promise<{ state: TableState; checkpointVersion: number }> {
	const checkpointVersion = await lastCheckpointOf(table);
	let state = emptyState;
	if (checkpointVersion >= 0) {
		const actions = await actionsIn(await table.read(pathOf(checkpointVersion, checkpointSuffix)));
		state = { ...after(state, actions), version: checkpointVersion };
		told(actions);
	}
	const from = checkpointVersion < 0 ? "" : nameOf(checkpointVersion, ".json");
	const names = (await table.list(logFolder, from)).filter((name) => commitName.test(name));
	for (const name of names.sort()) {
		const text = (await table.read(`${logFolder}/${name}`)).toString();
		const lines = text.trim().split("\n");
		const actions = lines.map((line) => JSON.parse(line) as Action);
		state = after(state, actions);
		told(actions);
	}
	return { state, checkpointVersion };
}

const checkpointSuffix = ".checkpoint.parquet";

function nameOf(version: number, suffix: string): string {
	return `${String(version).padStart(20, "0")}${suffix}`;
}

function pathOf(version: number, suffix: string): string {
	return `${logFolder}/${nameOf(version, suffix)}`;
}

async function lastCheckpointOf(table: TableFiles): Promise<number> {
	const last = await table.readIfThere(lastCheckpointPath);
	return last === null ? -1 : (JSON.parse(String(last)) as { version: number }).version;
}

/** Writes down all that the log comes to; `removed`: files that were taken out, with when, and may be read still. */
export async function writeCheckpoint(
	table: TableFiles,
	{ version, metaData, lsn, offset, files }: TableState,
	removed: ReadonlyMap<string, number>,
): Promise<void> {
	const actions: KeptAction[] = [{ protocol }];
	if (metaData !== null) actions.push({ metaData });
	if (lsn !== null) actions.push({ txn: { appId, version: lsn } });
	if (offset !== null) actions.push({ txn: { appId: offsetAppId, version: offset } });
	for (const add of files.values()) actions.push({ add: { ...add, dataChange: false } });
	for (const [path, deletionTimestamp] of removed)
		actions.push({ remove: { path, deletionTimestamp, dataChange: false } });
	// One that a dead writer has put there is the same.
	await table.writeIfAbsent(pathOf(version, checkpointSuffix), checkpointOf(actions));
	const last = JSON.stringify({ version, size: actions.length });
	await table.replace(lastCheckpointPath, Buffer.from(last));
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
	const path = pathOf(state.version + 1, ".json");
	const lines = actions.map((action) => `${JSON.stringify(action)}\n`);
	if (!(await table.writeIfAbsent(path, Buffer.from(lines.join(""))))) throw new VersionTaken(path);
	return after(state, actions);
}
