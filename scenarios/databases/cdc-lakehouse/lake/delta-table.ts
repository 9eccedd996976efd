import { randomUUID } from "node:crypto";
import type { Action, AddFile } from "./actions.ts";
import { bucketOf } from "./bucket.ts";
import { type Change, type Folded, fold, keysIn, sinceTruncate } from "./changes.ts";
import { type Column, keyOf, type Row, type Shape } from "./columns.ts";
import { dataFileOf } from "./data-file.ts";
import { commit, readLog, type TableState, writeCheckpoint } from "./delta-log.ts";
import { headOf, shapeIn } from "./head.ts";
import type { Position } from "./position.ts";
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

type Rows = ReadonlyMap<string, Row>;

/** Data files of buckets, with their rows by key. A key has a row in one of them at most. */
type Loaded = ReadonlyMap<number, readonly { path: string; rows: Rows }[]>;

/** A table of one writer: files are written first (`stage…`), and seen once their version is committed. */
export class DeltaTable {
	readonly files: TableFiles;
	readonly #options: TableOptions;
	readonly #cache: RowCache;
	/** Files that were taken out and may be there still, with when that was. */
	readonly #tombstones: Map<string, number>;
	#state: TableState;
	#checkpointVersion: number;

	private constructor(
		files: TableFiles,
		options: TableOptions,
		state: TableState,
		checkpointVersion: number,
		removed: Map<string, number>,
	) {
		this.#tombstones = removed;
		this.files = files;
		this.#options = options;
		this.#cache = new RowCache(files, options.cacheRowsMax);
		this.#state = state;
		this.#checkpointVersion = checkpointVersion;
	}

	static async open(files: TableFiles, options: TableOptions): Promise<DeltaTable> {
		const removed = new Map<string, number>();
		const { state, checkpointVersion } = await readLog(files, (actions) =>
			noteRemoved(removed, actions),
		);
		return new DeltaTable(files, options, state, checkpointVersion, removed);
	}

	/** Whether a version has had this file, of those that are there. */
	hasListed(path: string): boolean {
		return this.#state.files.has(path) || this.#tombstones.has(path);
	}

	/** How many versions one who opens the table has to read behind the last checkpoint. */
	get versionsSinceCheckpoint(): number {
		return this.#state.version - this.#checkpointVersion;
	}

	/** Whoever opens the table from now on begins here. */
	async checkpoint(): Promise<void> {
		const there = new Set(await this.files.list(""));
		for (const path of this.#tombstones.keys()) if (!there.has(path)) this.#tombstones.delete(path);
		await writeCheckpoint(this.files, this.#state, this.#tombstones);
		this.#checkpointVersion = this.#state.version;
	}

	get state(): TableState {
		return this.#state;
	}

	/** What it is now; null before its first commit. */
	get shape(): Shape | null {
		return shapeIn(this.#state);
	}

	/** All rows, in place of those that are there. */
	async stageSnapshot(rows: readonly Row[], shape: Shape, at: Position): Promise<Staged> {
		const byBucket = new Map<number, Map<string, Row>>();
		for (const row of rows) {
			const key = keyOf(row, shape.key);
			const bucket = this.#bucketOf(key);
			const others = byBucket.get(bucket) ?? new Map<string, Row>();
			byBucket.set(bucket, others.set(key, row));
		}
		const files = await this.#filesOf(byBucket, shape.columns, true);
		const removed = this.#removed([...this.#state.files.keys()], true);
		const info = { operation: "SNAPSHOT", fromLsn: null, changeCount: rows.length } as const;
		return { actions: [...headOf(this.#state, shape, info, at), ...removed, ...files] };
	}

	/** Changes, in the source's order, as far as they are behind what the table has. */
	async stageChanges(
		changes: readonly Change[],
		shape: Shape,
		{ fromLsn, to }: Stretch,
	): Promise<Staged> {
		const { truncated, left } = sinceTruncate(changes);
		const loaded: Loaded = truncated ? new Map() : await this.#loaded(keysIn(left, shape), shape);
		const folded = fold(changes, shape, (key) => {
			for (const { rows } of loaded.get(this.#bucketOf(key)) ?? []) {
				const row = rows.get(key);
				if (row !== undefined) return row;
			}
			return null;
		});
		const info = { operation: "STREAMING UPDATE", fromLsn, changeCount: changes.length } as const;
		const rewritten = await this.#rewritten(folded, loaded, shape.columns);
		return { actions: [...headOf(this.#state, shape, info, to), ...rewritten] };
	}

	/** Brings the files of each bucket that has more than so many together in one; null where none has. */
	async stageCompaction(filesMax: number): Promise<Staged | null> {
		const { shape } = this;
		if (shape === null) return null;
		const removed: string[] = [];
		const byBucket = new Map<number, Rows>();
		for (const [bucket, files] of this.#filesByBucket()) {
			if (files.length <= filesMax) continue;
			const parts = await Promise.all(files.map((file) => this.#rowsIn(file, shape)));
			removed.push(...files);
			byBucket.set(bucket, together(parts));
		}
		if (removed.length === 0) return null;
		const info = { operation: "OPTIMIZE", fromLsn: null, changeCount: 0 } as const;
		const added = await this.#filesOf(byBucket, shape.columns, false);
		return {
			actions: [
				...headOf(this.#state, shape, info, null),
				...this.#removed(removed, false),
				...added,
			],
		};
	}

	/** Makes what is staged the table's next version; throws `VersionTaken` where another writer was first. */
	async commit({ actions }: Staged): Promise<void> {
		this.#state = await commit(this.files, this.#state, actions);
		noteRemoved(this.#tombstones, actions);
		for (const action of actions) if ("remove" in action) this.#cache.drop(action.remove.path);
	}

	/** Files that hold a key which has changed are taken out; their other rows, and the changed ones, are written anew. */
	async #rewritten(
		{ truncated, rows }: Folded,
		loaded: Loaded,
		columns: readonly Column[],
	): Promise<Action[]> {
		const removed: string[] = truncated ? [...this.#state.files.keys()] : [];
		const byBucket = Map.groupBy(rows, ([key]) => this.#bucketOf(key));
		const rewritten = byBucket.entries().map(([bucket, changed]) => {
			const files = (loaded.get(bucket) ?? []).filter((file) =>
				changed.some(([key]) => file.rows.has(key)),
			);
			removed.push(...files.map(({ path }) => path));
			const all = together(files.map((file) => file.rows));
			for (const [key, row] of changed)
				if (row === null) all.delete(key);
				else all.set(key, row);
			return [bucket, all] as const;
		});
		const added = await this.#filesOf(rewritten, columns, true);
		return [...this.#removed(removed, true), ...added];
	}

	/** All files in which one of these keys can be. */
	async #loaded(keys: ReadonlySet<string>, shape: Shape): Promise<Loaded> {
		const byBucket = this.#filesByBucket();
		const loaded = new Map<number, { path: string; rows: Rows }[]>();
		for (const bucket of new Set([...keys].map((key) => this.#bucketOf(key)))) {
			const paths = byBucket.get(bucket) ?? [];
			const files = paths.map(async (path) => ({ path, rows: await this.#rowsIn(path, shape) }));
			loaded.set(bucket, await Promise.all(files));
		}
		return loaded;
	}

	#rowsIn(path: string, { key }: Shape): Promise<Rows> {
		return this.#cache.rows(path, (row) => keyOf(row, key));
	}

	/** Writes the rows of each bucket into a new file, as they come. */
	async #filesOf(
		byBucket: Iterable<readonly [bucket: number, rows: Rows]>,
		columns: readonly Column[],
		dataChange: boolean,
	): Promise<Action[]> {
		const adds: Action[] = [];
		const writing: Promise<void>[] = [];
		for (const [bucket, rows] of byBucket) {
			if (rows.size === 0) continue;
			const path = `part-${bucket}-${randomUUID()}.parquet`;
			const bytes = dataFileOf([...rows.values()], columns);
			// One is written while the next is made.
			writing.push(this.files.write(path, bytes));
			this.#cache.put(path, rows);
			const stats = JSON.stringify({ numRecords: rows.size });
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

function noteRemoved(removed: Map<string, number>, actions: readonly Action[]): void {
	for (const action of actions) {
		if ("add" in action) removed.delete(action.add.path);
		if ("remove" in action) removed.set(action.remove.path, action.remove.deletionTimestamp);
	}
}

/** The rows of several files in one map of its own: the others are kept in memory as they are. */
function together([first, ...others]: readonly Rows[]): Map<string, Row> {
	const all = new Map(first);
	for (const rows of others) for (const [key, row] of rows) all.set(key, row);
	return all;
}
