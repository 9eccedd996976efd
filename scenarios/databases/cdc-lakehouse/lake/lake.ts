import type { Change } from "./changes.ts";
import type { Row, Shape } from "./columns.ts";
import { DeltaTable, type Staged, type TableOptions } from "./delta-table.ts";
import type { Position } from "./position.ts";
import type { Store } from "./store.ts";
import { Vacuum } from "./vacuum.ts";

/** Between each two of these a writer can be interrupted; the step has its name from what is done by then. */
export const lakeSteps = ["data-written", "first-table-committed", "tables-committed"] as const;
export type LakeStep = (typeof lakeSteps)[number];

/** What a stretch of the source's log brings to one table. */
export interface TableBatch {
	shape: Shape;
	/** Each with the end of its transaction. */
	changes: readonly { lsn: number; change: Change }[];
}

/** What a snapshot brings to one table. */
export interface TableSnapshot {
	shape: Shape;
	rows: readonly Row[];
}

/**
 * Several tables that are written together. There is no commit of several: they come one after another, each with the LSN
 * that it brings its table to, and a reader takes of each the newest version up to the least of these. Whoever comes after
 * a writer that died in between brings the others level with the one that is furthest, before anything else.
 */
export class Lake {
	readonly tables: ReadonlyMap<string, DeltaTable>;
	readonly #step: (step: LakeStep) => Promise<void>;
	readonly #vacuums: readonly Vacuum[];

	private constructor(
		tables: ReadonlyMap<string, DeltaTable>,
		step: (step: LakeStep) => Promise<void>,
	) {
		this.tables = tables;
		this.#step = step;
		this.#vacuums = [...tables.values()].map((table) => new Vacuum(table));
	}

	static async open(
		store: Store,
		names: readonly string[],
		options: TableOptions,
		step: (step: LakeStep) => Promise<void>,
	): Promise<Lake> {
		const tables = new Map<string, DeltaTable>();
		for (const name of names)
			tables.set(name, await DeltaTable.open(await store.table(name), options));
		return new Lake(tables, step);
	}

	/** From where the source's log has to be read on: the least that a table has; null where one has nothing. */
	get lsn(): number | null {
		const all = this.#lsns();
		return all.includes(null) ? null : Math.min(...(all as number[]));
	}

	/** The same, with where the topic has to be read on. */
	get position(): Position | null {
		const { lsn } = this;
		if (lsn === null) return null;
		const least = [...this.tables.values()].find(({ state }) => state.lsn === lsn)!;
		return { lsn, offset: least.state.offset };
	}

	/** How far the next batch has to reach at least: where the table stands that is furthest. */
	get levelLsn(): number {
		return Math.max(0, ...this.#lsns().map((lsn) => lsn ?? 0));
	}

	async snapshot(batches: ReadonlyMap<string, TableSnapshot>, at: Position): Promise<void> {
		await this.#commit(at.lsn, async (table, name) => {
			const { rows, shape } = batches.get(name)!;
			return table.stageSnapshot(rows, shape, at);
		});
	}

	/** A table that no change is for is committed as well: it has come so far. */
	async apply(
		batches: ReadonlyMap<string, TableBatch>,
		fromLsn: number,
		to: Position,
	): Promise<void> {
		await this.#commit(to.lsn, async (table, name) => {
			const has = table.state.lsn ?? 0;
			// It has been here already, when its writer died before the other tables had.
			if (has >= to.lsn) return null;
			const batch = batches.get(name);
			const changes = (batch?.changes ?? []).filter(({ lsn }) => lsn > has);
			const shape = batch?.shape ?? table.shape!;
			const behind = changes.map(({ change }) => change);
			return table.stageChanges(behind, shape, { fromLsn, to });
		});
	}

	/** Whether anything was brought together. */
	async compact(filesMax: number): Promise<boolean> {
		let any = false;
		for (const table of this.tables.values()) {
			const staged = await table.stageCompaction(filesMax);
			if (staged === null) continue;
			await this.#step("data-written");
			await table.commit(staged);
			any = true;
		}
		return any;
	}

	/**
	 * Writes a checkpoint of each table that has so many versions behind its last. Only where all are level: a reader that begins at one
	 * finds no version before it, and pins what the table that is least far has.
	 */
	async checkpoint(every: number): Promise<void> {
		if (this.lsn === null || this.lsn !== this.levelLsn) return;
		for (const table of this.tables.values())
			if (table.versionsSinceCheckpoint >= every) await table.checkpoint();
	}

	/**
	 * Deletes what has been in no version for so long. As long as the tables are uneven readers pin the version before of the one that
	 * is ahead, however old that is: then nothing is looked at.
	 */
	async vacuum(retentionMs: number, nowMs: number): Promise<number> {
		if (this.lsn !== this.levelLsn) return 0;
		let count = 0;
		for (const vacuum of this.#vacuums) count += await vacuum.look(retentionMs, nowMs);
		return count;
	}

	async #commit(
		lsn: number,
		stage: (table: DeltaTable, name: string) => Promise<Staged | null>,
	): Promise<void> {
		if (lsn < this.levelLsn)
			throw new Error(
				`a batch ends at ${lsn}, before ${this.levelLsn}, where one of the tables is`,
			);
		const staged: [DeltaTable, Staged][] = [];
		for (const [name, table] of this.tables) {
			const one = await stage(table, name);
			if (one !== null) staged.push([table, one]);
		}
		await this.#step("data-written");
		for (const [i, [table, one]] of staged.entries()) {
			await table.commit(one);
			if (i === 0) await this.#step("first-table-committed");
		}
		await this.#step("tables-committed");
	}

	#lsns(): (number | null)[] {
		return [...this.tables.values()].map(({ state }) => state.lsn);
	}
}
