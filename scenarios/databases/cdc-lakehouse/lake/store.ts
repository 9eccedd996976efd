/** The files of one table; a path is as its log has it. */
export interface TableFiles {
	/** Names of all that lies in the table's folder itself, or in the one of its log, of those that come after this one. */
	list(folder: "" | "_delta_log", after?: string): Promise<string[]>;
	read(path: string): Promise<Buffer>;
	/** Null where there is none. */
	readIfThere(path: string): Promise<Buffer | null>;
	/** A file of a name that nobody else has: who finds it by its name alone may find a part of it. */
	write(path: string, bytes: Uint8Array): Promise<void>;
	/** It is there as a whole or not at all, and never in the place of another; false where there is one of this name. */
	writeIfAbsent(path: string, bytes: Uint8Array): Promise<boolean>;
	/** It is there as a whole, in the place of what was there. */
	replace(path: string, bytes: Uint8Array): Promise<void>;
	/** Right where it is not there. */
	remove(path: string): Promise<void>;
}

/** Where tables lie. */
export interface Store {
	/** The files of a table, with room for more. */
	table(name: string): Promise<TableFiles>;
}
