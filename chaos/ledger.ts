import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readNdjson } from "../base/ndjson.ts";
import type { FaultKind, Undo } from "./fault.ts";

/** One fault as the ledger keeps it; the newest line of an id counts. */
export interface LedgerEntry {
	faultId: string;
	/** Null for a fault by hand. */
	runId: string | null;
	kind: FaultKind;
	on: string;
	undo: Undo;
	/** Dropped: somebody has taken it back by other means, and says so. */
	state: "planned" | "healed" | "dropped";
	/** Wall clock; a fault older than its limit is healed by whoever sees it. */
	plannedAt: string;
	limitMs: number;
}

/**
 * What must be taken back, on disk before anything is broken: `record` returns only after fsync. Opening reads what an
 * earlier daemon left; a torn last line is a fault that never got as far as `inject`, and is dropped.
 */
export class Ledger {
	readonly #fd: number;
	readonly #open = new Map<string, LedgerEntry>();

	/** "as it is" leaves the file to the daemon that has it open, and only appends. */
	constructor(file: string, how: "rewritten" | "as it is" = "rewritten") {
		for (const entry of readNdjson<LedgerEntry>(file)) this.#keep(entry);
		// Rewritten, so that it holds just what is open. In place would risk it; a crash between leaves the old file.
		if (how === "rewritten") rewrite(file, this.pending);
		this.#fd = openSync(file, "a", 0o600);
	}

	/** Planned, and neither healed nor dropped, oldest first. */
	get pending(): LedgerEntry[] {
		return [...this.#open.values()];
	}

	record(entry: LedgerEntry): void {
		// It begins a line of its own: a full disk may have torn the one before.
		writeFileSync(this.#fd, `\n${JSON.stringify(entry)}\n`);
		fsyncSync(this.#fd);
		this.#keep(entry);
	}

	/** Lets go of what can't be healed and was taken back by other means; null where none of this id is held. */
	drop(faultId: string): LedgerEntry | null {
		const held = this.#open.get(faultId);
		if (held === undefined) return null;
		this.record({ ...held, state: "dropped" });
		return held;
	}

	close(): void {
		closeSync(this.#fd);
	}

	#keep(entry: LedgerEntry): void {
		if (entry.state === "planned") this.#open.set(entry.faultId, entry);
		else this.#open.delete(entry.faultId);
	}
}

/** Replaces the file as a whole; its name is on the disk when this returns. */
function rewrite(file: string, entries: LedgerEntry[]): void {
	const draft = `${file}.tmp`;
	synced(openSync(draft, "w", 0o600), (fd) =>
		writeFileSync(fd, entries.map((entry) => `${JSON.stringify(entry)}\n`).join("")),
	);
	renameSync(draft, file);
	synced(openSync(dirname(file), "r"), () => {});
}

function synced(fd: number, write: (fd: number) => void): void {
	try {
		write(fd);
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
}
