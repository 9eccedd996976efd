import { join } from "node:path";
import { S3Client } from "faultline/subject";
import { filesStore } from "./files-store.ts";
import { PointerLog } from "./pointer-log.ts";
import type { PointerTable } from "./pointers.ts";
import { s3Pointers } from "./s3-pointers.ts";
import { s3Store } from "./s3-store.ts";
import type { TierStore } from "./store.ts";
import type { PerTier } from "./tiers.ts";

/** The name of the pointers' file in a folder that holds tiers. */
export const pointersFile = "pointers.ndjson";

/** The buckets of a store in S3, which begin with this. */
export function bucketsFor(prefix: string): PerTier<string> & { pointers: string } {
	return {
		hot: `${prefix}hot`,
		warm: `${prefix}warm`,
		cold: `${prefix}cold`,
		pointers: `${prefix}pointers`,
	};
}

export interface Storage {
	store: TierStore;
	table: PointerTable;
	close(): Promise<void>;
}

/**
 * Store and table as these variables ask for them: `STORE=files`, the default, in the folder `ROOT` or here; `STORE=s3` at
 * `FLT_PATH_STORE`, in buckets that are there and begin with `FLT_BUCKET_PREFIX`.
 */
export async function openStorage(variables: Record<string, string | undefined>): Promise<Storage> {
	const kind = variables.STORE ?? "files";
	const sync = variables.SYNC !== "off";
	switch (kind) {
		case "files": {
			const root = variables.ROOT ?? ".";
			const store = await filesStore(root, { sync });
			const table = await PointerLog.open(join(root, pointersFile), { sync });
			return { store, table, close: () => table.close() };
		}
		case "s3": {
			const { FLT_PATH_STORE: url, FLT_BUCKET_PREFIX: prefix = "" } = variables;
			if (url === undefined)
				throw new Error("STORE=s3 needs FLT_PATH_STORE, http://KEY:SECRET@HOST:PORT");
			const client = new S3Client(url);
			const buckets = bucketsFor(prefix);
			const table = await s3Pointers(client, buckets.pointers);
			return { store: s3Store(client, buckets), table, close: async () => client.close() };
		}
		default:
			throw new Error(`STORE must be files or s3, but is ${JSON.stringify(kind)}`);
	}
}
