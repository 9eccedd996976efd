import type { Activity } from "../activity.ts";
import type { Features } from "../features.ts";

/** An activity as it stands in the log, in the order of its partition. */
export interface InLog {
	partition: number;
	event: Activity;
}

export interface Rules {
	windowMs: number;
	delayMs: number;
	latenessMs: number;
}

/** What becomes of a user's window: the value of each version, from the first on. */
export interface History {
	endMs: number;
	versions: Features[];
	/** How far the watermark was beyond the window's end when the last version was given. */
	convergedAfterMs: number;
}

export interface Expected {
	/** By `window's start/user`. */
	histories: Map<string, History>;
	/** Ids of those that come too late. */
	late: Set<string>;
	onTimeCount: number;
	absorbedCount: number;
}

/**
 * What should become of the activities of a log whose stream has ended, and of every window: worked out from whole lists,
 * each version from all activities of it, by nothing of the job's.
 */
export function expectedFeatures(log: Iterable<InLog>, rules: Rules): Expected {
	const { windowMs, delayMs, latenessMs } = rules;
	const newest = new Map<number, number>();
	const late = new Set<string>();
	const inTime = new Map<string, Activity[]>();
	const after = new Map<string, { activity: Activity; watermarkMs: number }[]>();
	for (const { partition, event } of log) {
		const before = newest.get(partition);
		const watermarkMs = before === undefined ? Number.NEGATIVE_INFINITY : before - delayMs;
		const startMs = event.atMs - (((event.atMs % windowMs) + windowMs) % windowMs);
		const endMs = startMs + windowMs;
		const key = `${startMs}/${event.user}`;
		if (watermarkMs < endMs) inTime.set(key, [...(inTime.get(key) ?? []), event]);
		else if (watermarkMs < endMs + latenessMs)
			after.set(key, [...(after.get(key) ?? []), { activity: event, watermarkMs }]);
		else late.add(event.id);
		const provedMs = Math.min(event.atMs, event.receivedMs);
		if (before === undefined || provedMs > before) newest.set(partition, provedMs);
	}
	const histories = new Map<string, History>();
	for (const key of new Set([...inTime.keys(), ...after.keys()])) {
		const endMs = Number(key.slice(0, key.indexOf("/"))) + windowMs;
		const first = inTime.get(key) ?? [];
		const others = after.get(key) ?? [];
		const versions = first.length > 0 ? [told(first)] : [];
		for (let n = 1; n <= others.length; n++)
			versions.push(told([...first, ...others.slice(0, n).map(({ activity }) => activity)]));
		const last = others.at(-1);
		const convergedAfterMs = last === undefined ? 0 : last.watermarkMs - endMs;
		histories.set(key, { endMs, versions, convergedAfterMs });
	}
	const count = (lists: Iterable<readonly unknown[]>) =>
		[...lists].reduce((sum, { length }) => sum + length, 0);
	return {
		histories,
		late,
		onTimeCount: count(inTime.values()),
		absorbedCount: count(after.values()),
	};
}

function told(activities: readonly Activity[]): Features {
	const purchases = activities.filter(({ kind }) => kind === "purchase");
	const inOrder = activities.toSorted((a, b) =>
		a.atMs === b.atMs ? (a.id < b.id ? -1 : 1) : a.atMs - b.atMs,
	);
	return {
		views: activities.length - purchases.length,
		purchases: purchases.length,
		spent_cents: purchases.reduce((sum, { cents }) => sum + cents, 0),
		last_kind: inOrder.at(-1)!.kind,
		purchase_ratio: purchases.length / activities.length,
	};
}
