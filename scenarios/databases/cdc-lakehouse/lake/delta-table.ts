import { randomUUID } from "node:crypto";
import { appId } from "../names.ts";
import {
	type Action,
	type AddFile,
	type CommitInfo,
	columnsIn,
	rowCountOf,
	schemaString,
} from "./actions.ts";
import { bucketOf } from "./bucket.ts";
import { type Change, type Folded, fold, keysIn } from "./changes.ts";
import { type Column, keyOf, type Row, type Shape, sameColumns } from "./columns.ts";
import { dataFileOf } from "./data-file.ts";
import { commit, readLog, type TableState } from "./delta-log.ts";
import { offsetAppId, type Position } from "./position.ts";
import { RowCache } from "./row-cache.ts";
import type { TableFiles } from "./store.ts";

export interface TableOptions {
	/** The rows of a key lie in the files of one bucket, so that a change of few keys reads and writes few files. */
	buckets: number;
	/** Rows that are kept in memory. */
	cacheRowsMax: number;
}

/** A commit of which all data files are written, and of which nobody sees anything yet. */
export interface Staged {
	actions: readonly Action[];
}

/** The stretch of the source's log that a commit brings; `fromLsn` is null for a snapshot. */
export interface Stretch {
	fromLsn: number | null;
	to: Position;
}

/** A table of one writer: files are written first (`stage…`), and seen once their version is committed. */
export class DeltaTable {
	readonly files: TableFiles;
	readonly #options: TableOptions;
	readonly #cache: RowCache;
	readonly #everListed: Set<string>;
	#state: TableState;

	private constructor(
		files: TableFiles,
		options: TableOptions,
		state: TableState,
		everListed: Set<string>,
	) {
		this.#everListed = everListed;
		this.files = files;
		this.#options = options;
		this.#cache = new RowCache(files, options.cacheRowsMax);
		this.#state = state;
	}

	static async open(files: TableFiles, options: TableOptions): Promise<DeltaTable> {
		const everListed = new Set<string>();
		const state = await readLog(files, (path) => everListed.add(path));
		return new DeltaTable(files, options, state, everListed);
	}

	/** Whether any version has ever had this file. */
	hasListed(path: string): boolean {
		return this.#everListed.has(path);
	}

	get state(): TableState {
		return this.#state;
	}

	/** What it is now; null before its first commit. */
	get shape(): Shape | null {
		const { metaData } = this.#state;
		if (metaData === null) return null;
		return {
			columns: columnsIn(metaData.schemaString),
			key: JSON.parse(metaData.configuration["cdc.key"]!) as string[],
		};
	}

	/** All rows, in place of those that are there. */
	async stageSnapshot(rows: readonly Row[], shape: Shape, at: Position): Promise<Staged> {
		const byKey = new Map(rows.map((row) => [keyOf(row, shape.key), row]));
		const files = await this.#filesOf(byKey, shape.columns, true);
		const removed = this.#removed([...this.#state.files.keys()], true);
		const info = { operation: "SNAPSHOT", fromLsn: null, changeCount: rows.length } as const;
		return { actions: [...this.#head(shape, info, at), ...removed, ...files] };
	}

	/** Changes, in the source's order, as far as they are behind what the table has. */
	async stageChanges(
		changes: readonly Change[],
		shape: Shape,
		{ fromLsn, to }: Stretch,
	): Promise<Staged> {
		const before = await this.#rowsOfBuckets(keysIn(changes, shape), shape);
		const folded = fold(changes, shape, (key) => before.get(key) ?? null);
		const info = { operation: "STREAMING UPDATE", fromLsn, changeCount: changes.length } as const;
		return {
			actions: [...this.#head(shape, info, to), ...(await this.#rewritten(folded, shape))],
		};
	}

	/** Brings the files of each bucket that has more than so many together in one; null where none has. */
	async stageCompaction(filesMax: number): Promise<Staged | null> {
		const { shape } = this;
		if (shape === null) return null;
		const actions: Action[] = [];
		for (const [, files] of this.#filesByBucket()) {
			if (files.length <= filesMax) continue;
			const rows = new Map<string, Row>();
			for (const file of files)
				for (const [key, row] of await this.#rowsIn(file, shape)) rows.set(key, row);
			actions.push(...this.#removed(files, false));
			actions.push(...(await this.#filesOf(rows, shape.columns, false)));
		}
		if (actions.length === 0) return null;
		const info = { operation: "OPTIMIZE", fromLsn: null, changeCount: 0 } as const;
		return { actions: [...this.#head(shape, info, null), ...actions] };
	}

	/** Makes what is staged the table's next version; throws `VersionTaken` where another writer was first. */
	async commit({ actions }: Staged): Promise<void> {
		this.#state = await commit(this.files, this.#state, actions);
		for (const action of actions) {
			if ("remove" in action) this.#cache.drop(action.remove.path);
			if ("add" in action) this.#everListed.add(action.add.path);
		}
	}

	/** Before its files, what a commit says of itself and of the table. */
	#head(shape: Shape, info: Omit<CommitInfo, "timestamp">, at: Position | null): Action[] {
		const actions: Action[] = [{ commitInfo: { timestamp: Date.now(), ...info } }];
		const known = this.shape;
		if (known === null) actions.push({ protocol: { minReaderVersion: 1, minWriterVersion: 2 } });
		if (known === null || !sameColumns(known.columns, shape.columns))
			actions.push({
				metaData: {
					id: this.#state.metaData?.id ?? randomUUID(),
					format: { provider: "parquet", options: {} },
					schemaString: schemaString(shape.columns),
					partitionColumns: [],
					configuration: { "cdc.key": JSON.stringify(shape.key) },
				},
			});
		if (at !== null) actions.push({ txn: { appId, version: at.lsn } });
		if (at !== null && at.offset !== null)
			actions.push({ txn: { appId: offsetAppId, version: at.offset } });
		return actions;
	}

	/** Files that hold a key which has changed are taken out; their other rows, and the changed ones, are written anew. */
	async #rewritten({ truncated, rows }: Folded, shape: Shape): Promise<Action[]> {
		const out = new Map<string, Row>();
		const removed: string[] = truncated ? [...this.#state.files.keys()] : [];
		if (!truncated) {
			const byBucket = this.#filesByBucket();
			for (const bucket of new Set([...rows.keys()].map((key) => this.#bucketOf(key))))
				for (const path of byBucket.get(bucket) ?? []) {
					const old = await this.#rowsIn(path, shape);
					const touched = [...old.keys()].some((key) => rows.has(key));
					if (!touched) continue;
					removed.push(path);
					for (const [key, row] of old) out.set(key, row);
				}
		}
		for (const [key, row] of rows) {
			if (row === null) out.delete(key);
			else out.set(key, row);
		}
		return [...this.#removed(removed, true), ...(await this.#filesOf(out, shape.columns, true))];
	}

	async #rowsOfBuckets(keys: ReadonlySet<string>, shape: Shape): Promise<Map<string, Row>> {
		const byBucket = this.#filesByBucket();
		const found = new Map<string, Row>();
		for (const bucket of new Set([...keys].map((key) => this.#bucketOf(key))))
			for (const path of byBucket.get(bucket) ?? [])
				for (const [key, row] of await this.#rowsIn(path, shape))
					if (keys.has(key)) found.set(key, row);
		return found;
	}

	#rowsIn(path: string, { key }: Shape): Promise<ReadonlyMap<string, Row>> {
		return this.#cache.rows(path, (row) => keyOf(row, key));
	}

	/** Writes rows into a new file for each bucket. */
	async #filesOf(
		rows: ReadonlyMap<string, Row>,
		columns: readonly Column[],
		dataChange: boolean,
	): Promise<Action[]> {
		const byBucket = Map.groupBy(rows, ([key]) => this.#bucketOf(key));
		const adds: Action[] = [];
		const writing: Promise<void>[] = [];
		for (const [bucket, some] of byBucket) {
			const path = `part-${bucket}-${randomUUID()}.parquet`;
			const values = some.map(([, row]) => row);
			const bytes = dataFileOf(values, columns);
			// One is written while the next is made.
			writing.push(this.files.write(path, bytes));
			this.#cache.put(path, new Map(some));
			const stats = JSON.stringify({ numRecords: some.length });
			const add: AddFile = {
				path,
				partitionValues: {},
				size: bytes.byteLength,
				modificationTime: Date.now(),
				dataChange,
				stats,
				tags: { bucket: String(bucket) },
			};
			adds.push({ add });
		}
		await Promise.all(writing);
		return adds;
	}

	#removed(paths: readonly string[], dataChange: boolean): Action[] {
		const deletionTimestamp = Date.now();
		return paths.map((path) => ({ remove: { path, deletionTimestamp, dataChange } }));
	}

	#filesByBucket(): Map<number, string[]> {
		const { files } = this.#state;
		return Map.groupBy(files.keys(), (path) => Number(files.get(path)!.tags.bucket));
	}

	#bucketOf(key: string): number {
		return bucketOf(key, this.#options.buckets);
	}
}

/** How many rows the files of these actions hold. */
export function rowsWritten({ actions }: Staged): number {
	return actions.reduce((sum, action) => sum + ("add" in action ? rowCountOf(action.add) : 0), 0);
}
