import type { Purchase } from "../purchase.ts";
import { type Aggregate, windowKinds } from "../windows.ts";

/**
 * What every window of every user should be, by its key: each purchase once, in every window that its time lies in. No
 * panes, no watermark, no state that is let go of, and nothing of the job's but the sizes of the windows.
 */
export function expectedWindows(purchases: Iterable<Purchase>): Map<string, Aggregate> {
	const ids = new Set<string>();
	const byUser = new Map<string, Map<number, Aggregate>[]>();
	for (const { id, user, atMs, cents } of purchases) {
		if (ids.has(id)) continue;
		ids.add(id);
		let kinds = byUser.get(user);
		if (kinds === undefined) {
			kinds = windowKinds.map(() => new Map<number, Aggregate>());
			byUser.set(user, kinds);
		}
		for (const [place, { sizeMs, slideMs }] of windowKinds.entries()) {
			const windows = kinds[place]!;
			const last = atMs - (atMs % slideMs);
			for (let startMs = last; startMs > atMs - sizeMs; startMs -= slideMs) {
				const window = windows.get(startMs);
				if (window === undefined) windows.set(startMs, { count: 1, sum: cents, max: cents });
				else {
					window.count++;
					window.sum += cents;
					if (cents > window.max) window.max = cents;
				}
			}
		}
	}
	const expected = new Map<string, Aggregate>();
	for (const [user, kinds] of byUser)
		for (const [place, windows] of kinds.entries())
			for (const [startMs, window] of windows)
				expected.set(`${windowKinds[place]!.name}/${startMs}/${user}`, window);
	return expected;
}
