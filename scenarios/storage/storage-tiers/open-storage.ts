import { join } from "node:path";
import { filesStore } from "./files-store.ts";
import { PointerLog } from "./pointer-log.ts";
import type { PointerTable } from "./pointers.ts";
import type { TierStore } from "./store.ts";

/** The name of the pointers' file in a folder that holds tiers. */
export const pointersFile = "pointers.ndjson";

/** Store and table as these variables ask for them: `STORE=files`, the default, in `ROOT` or here. */
export async function openStorage(
	variables: Record<string, string | undefined>,
): Promise<{ store: TierStore; table: PointerTable }> {
	const kind = variables.STORE ?? "files";
	const sync = variables.SYNC !== "off";
	switch (kind) {
		case "files": {
			const root = variables.ROOT ?? ".";
			return {
				store: await filesStore(root, { sync }),
				table: await PointerLog.open(join(root, pointersFile), { sync }),
			};
		}
		default:
			throw new Error(`STORE must be files or s3, but is ${JSON.stringify(kind)}`);
	}
}
