import { checkpointLines } from "./checkpoint.ts";
import type { Info, Line } from "./line.ts";
import type { Place } from "./place.ts";

// The tables as anybody sees them who knows Delta's format, and nothing of who writes them.

/** A version of a table: what a reader of it would read. */
export interface Version {
	version: number;
	/** How far the writer says that it has come; null where it has not. */
	lsn: number | null;
	/** Paths of data files, with the rows that each is said to have. */
	files: ReadonlyMap<string, number>;
	columns: readonly { name: string; type: string }[];
	/** What the commit says of itself. */
	info: Info;
	/** Rows of the files that it brought. */
	rowsAdded: number;
}

/** Where a replay begins: with the first version, or with the last checkpoint that there is when it is read first. */
export type ReplayFrom = "first" | "checkpoint";

/** The versions of a table, read on from where it was read before: what is committed does not change any more. */
export class LogReplay {
	readonly #place: Place;
	readonly #log: string;
	readonly #appId: string;
	readonly #from: ReplayFrom;
	readonly #versions: Version[] = [];
	#reading: Promise<void> = Promise.resolve();

	constructor(place: Place, table: string, appId: string, from: ReplayFrom = "first") {
		this.#place = place;
		this.#from = from;
		this.#log = `${table}/_delta_log`;
		this.#appId = appId;
	}

	/** Up to now. Who asks while another one waits for the same waits for both. */
	async versions(): Promise<Version[]> {
		const reading = this.#reading.then(() => this.#readOn());
		this.#reading = reading.catch(() => {});
		await reading;
		return this.#versions.slice();
	}

	async #readOn(): Promise<void> {
		if (this.#versions.length === 0 && this.#from === "checkpoint") await this.#readCheckpoint();
		const last = this.#versions.at(-1)?.version ?? -1;
		const names = await this.#place.names(this.#log, last < 0 ? "" : nameOf(last));
		const commits = names.filter((name) => /^\d{20}\.json$/.test(name));
		for (const name of commits) {
			const text = String(await this.#place.read(`${this.#log}/${name}`));
			const lines = text.trim().split("\n");
			const version = Number.parseInt(name, 10);
			this.#next(
				version,
				lines.map((json) => JSON.parse(json) as Line),
			);
		}
	}

	async #readCheckpoint(): Promise<void> {
		const found = await checkpointLines(this.#place, this.#log);
		if (found !== null) this.#next(found.version, found.lines);
	}

	#next(version: number, lines: readonly Line[]): void {
		const before = this.#versions.at(-1);
		const files = new Map(before?.files);
		let { lsn, columns } = before ?? { lsn: null, columns: [] };
		let info: Info = { operation: "", timestamp: 0, fromLsn: null, changeCount: 0 };
		let rowsAdded = 0;
		for (const line of lines) {
			if (line.add !== undefined) {
				const { numRecords } = JSON.parse(line.add.stats ?? "{}") as { numRecords?: number };
				files.set(line.add.path, numRecords ?? 0);
				rowsAdded += numRecords ?? 0;
			}
			if (line.remove !== undefined) files.delete(line.remove.path);
			if (line.metaData !== undefined)
				columns = (JSON.parse(line.metaData.schemaString) as { fields: Version["columns"] }).fields;
			if (line.txn?.appId === this.#appId) lsn = line.txn.version;
			if (line.commitInfo !== undefined) info = line.commitInfo;
		}
		this.#versions.push({ version, lsn, files, columns, info, rowsAdded });
	}
}

function nameOf(version: number): string {
	return `${String(version).padStart(20, "0")}.json`;
}
