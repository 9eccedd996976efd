import { rmSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { briefOf, type RunBrief } from "./brief.ts";
import { isFinal, type RunDocument } from "./document.ts";

/** The folders that the index speaks for. */
export interface Records {
	/** Names of folders that may be runs, in any order. */
	names(): string[];
	/** Null where there is no such run, or its record is no record. */
	find(runId: string): RunDocument | null;
}

interface Statements {
	put: StatementSync;
	remove: StatementSync;
	newest: StatementSync;
	older: StatementSync;
	unfinished: StatementSync;
}

/**
 * A list of all runs that costs no look at their folders. It holds nothing of its own: at every opening it is brought
 * in line with the folders, and one that is torn is made anew; where no file can be written it is in memory.
 */
export class RunIndex {
	readonly #database: DatabaseSync;
	readonly #statements: Statements;

	/** The index of these records, kept in the file. */
	static open(file: string, records: Records): RunIndex {
		try {
			return new RunIndex(file, records);
		} catch {
			try {
				for (const suffix of ["", "-journal"]) rmSync(`${file}${suffix}`, { force: true });
				return new RunIndex(file, records);
			} catch {
				return new RunIndex(":memory:", records);
			}
		}
	}

	private constructor(file: string, records: Records) {
		this.#database = openDatabase(file);
		try {
			this.#statements = this.#prepared();
			this.#follow(records);
		} catch (error) {
			this.#database.close();
			throw error;
		}
	}

	#prepared(): Statements {
		const prepare = (sql: string) => this.#database.prepare(sql);
		return {
			put: prepare("insert or replace into runs (id, final, brief) values (?, ?, ?)"),
			remove: prepare("delete from runs where id = ?"),
			newest: prepare("select brief from runs order by id desc limit ?"),
			older: prepare("select brief from runs where id < ? order by id desc limit ?"),
			unfinished: prepare("select id from runs where final = 0 order by id desc"),
		};
	}

	put(document: RunDocument): void {
		const { runId, state } = document;
		this.#statements.put.run(runId, isFinal(state) ? 1 : 0, JSON.stringify(briefOf(document)));
	}

	remove(runId: string): void {
		this.#statements.remove.run(runId);
	}

	/** Newest first; `before` is a run id. */
	list(limit: number, before: string | null): RunBrief[] {
		const { newest, older } = this.#statements;
		const rows = before === null ? newest.all(limit) : older.all(before, limit);
		return rows.map(({ brief }) => JSON.parse(String(brief)) as RunBrief);
	}

	/** Runs that have not come to an end, newest first. */
	unfinished(): string[] {
		return this.#statements.unfinished.all().map(({ id }) => String(id));
	}

	close(): void {
		this.#database.close();
	}

	/** Takes in what has come, drops what has gone, reads again what may have changed: an end never does. */
	#follow(records: Records): void {
		const known = new Map<string, boolean>();
		for (const { id, final } of this.#database.prepare("select id, final from runs").iterate())
			known.set(String(id), final === 1);
		const names = new Set(records.names());
		this.#database.exec("begin");
		for (const id of known.keys()) if (!names.has(id)) this.remove(id);
		for (const id of names) {
			if (known.get(id) === true) continue;
			const document = records.find(id);
			if (document !== null) this.put(document);
			else if (known.has(id)) this.remove(id);
		}
		this.#database.exec("commit");
	}
}

function openDatabase(file: string): DatabaseSync {
	// Loaded when runs are listed first: whoever reads one record needs no database.
	const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
	const database = new DatabaseSync(file, { timeout: 5_000 });
	try {
		// It can be made anew from the folders, so no write waits for the disk.
		database.exec(`
			pragma synchronous = off;
			pragma cache_size = -512;
			pragma user_version = ${versionOf(database)};
			create table if not exists runs (id text primary key, final integer, brief text) without rowid;
			select count(*) from runs;
		`);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

const version = 1;

/** Refuses the file of another version, which is then made anew. */
function versionOf(database: DatabaseSync): number {
	const found = Number(database.prepare("pragma user_version").get()?.user_version);
	if (found !== 0 && found !== version) throw new Error(`version ${found}`);
	return version;
}
