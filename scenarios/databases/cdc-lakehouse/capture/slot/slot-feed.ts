import type { Feed } from "../feed.ts";
import { type SourceOptions, slotOf, tablesOf, withSource } from "../source.ts";
import { openStream } from "./change-stream.ts";
import { takeSnapshot } from "./snapshot.ts";

/**
 * Straight from a slot of the source. It is never asked how far we have come, for what it was told last may not have arrived,
 * or may be ahead of tables that were put back.
 */
export function slotFeed(options: SourceOptions): Feed {
	const { url, slot, publication } = options;
	return {
		tables: () => withSource(url, (client) => tablesOf(client, publication)),
		async snapshot(has) {
			const found = await withSource(url, (client) => slotOf(client, slot));
			// What the slot does not send any more, and the tables do not have, nothing but a snapshot brings.
			const isReadable =
				has !== null && found !== null && !found.lost && found.confirmedLsn <= has.lsn;
			return isReadable ? null : takeSnapshot(url, slot, publication);
		},
		open: (from, tables, receiver) =>
			openStream({ ...options, tables, fromLsn: from.lsn, ...receiver }),
	};
}
