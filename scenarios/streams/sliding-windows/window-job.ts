import { leftTogether } from "../../subjects/streams/left-together.ts";
import { LiveRecords } from "../../subjects/streams/live-records.ts";
import type {
	Change,
	Outcome,
	PartitionJob,
	Result,
} from "../../subjects/streams/partition-job.ts";
import type { Sent } from "../../subjects/streams/run-member.ts";
import { afterEvent, noTimeYet, provenMs, whileQuiet } from "../../subjects/streams/watermark.ts";
import type { Left } from "./engine.ts";
import type { Message } from "./purchase.ts";
import { goneFrom, SeenIds } from "./seen-ids.ts";
import { addTo, closedBetween, lastEndMs, type Panes, paneOf } from "./windows.ts";

export interface WindowJobOptions {
	/** An event comes at most so long after it happened. */
	delayMsMax: number;
	/** A repeated event comes at most so long after the first. */
	horizonMs: number;
	/** Partitions are at most so far apart in when their events were received. */
	skewMs: number;
	/** What a message says. */
	read(value: Buffer): Message;
}

/** The topic of the results, as the job names it. */
export const resultsTopic = "results";

/** Kinds of the state's keys. */
export const stateKinds = { panes: "pane", ids: "ids" } as const;
const progressKey = "progress";

/** What has become of the events so far; each is one of the last three. */
export interface Counts {
	events: number;
	counted: number;
	repeated: number;
	late: number;
}

/**
 * The job: counts, sums and maxima of each user's purchases over sliding windows, by the time at which they happened. A
 * window's result is given once, when the watermark has come to its end.
 */
export class WindowJob implements PartitionJob<Sent> {
	readonly #options: WindowJobOptions;
	readonly #users = new Map<string, Panes>();
	readonly #seen: SeenIds;
	#watermarkMs = noTimeYet;
	#counts: Counts = { events: 0, counted: 0, repeated: 0, late: 0 };
	#results: Result<Sent>[] = [];
	/** Panes and buckets of ids that are not in the changelog as they are now. */
	readonly #changedPanes = new Set<string>();
	readonly #changedIds = new Set<string>();
	readonly #live = new LiveRecords();

	constructor(options: WindowJobOptions) {
		this.#options = options;
		this.#seen = new SeenIds(options.horizonMs);
	}

	get watermarkMs(): number {
		return this.#watermarkMs;
	}

	/** What it keeps, in bytes of the changelog. */
	get stateBytes(): { windows: number; ids: number } {
		const { panes, ids } = stateKinds;
		return { windows: this.#live.bytesOf(panes), ids: this.#live.bytesOf(ids) };
	}

	process(value: Buffer): void {
		const event = this.#options.read(value);
		const { user, id, atMs, cents } = event;
		this.#counts.events++;
		const bucket = this.#seen.add(user, id, provenMs(event));
		if (bucket !== null) this.#changedIds.add(bucket);
		if (bucket === null) this.#counts.repeated++;
		else if (atMs < this.#watermarkMs) this.#counts.late++;
		else {
			this.#counts.counted++;
			addTo(this.#panesOf(user), paneOf(atMs), cents);
			this.#changedPanes.add(paneKey(paneOf(atMs), user));
		}
		this.#advance(afterEvent(this.#watermarkMs, event, this.#options.delayMsMax), event);
	}

	waitWith(othersMs: readonly number[]): void {
		this.#advance(whileQuiet(this.#watermarkMs, othersMs, this.#options.skewMs), null);
	}

	restore(change: Change): void {
		this.#live.apply(change);
		const { key, value } = change;
		const [kind, start, user] = partsOf(key);
		switch (kind) {
			case progressKey: {
				const { watermarkMs, ...counts } = JSON.parse(value!) as Progress;
				this.#watermarkMs = watermarkMs ?? noTimeYet;
				this.#counts = counts;
				break;
			}
			case stateKinds.panes:
				if (value === null) this.#forget(user, start);
				else {
					const [count, sum, max] = JSON.parse(value) as [number, number, number];
					this.#panesOf(user).set(start, { count, sum, max });
				}
				break;
			case stateKinds.ids: {
				const ids = value === null ? [] : (JSON.parse(value) as string[]);
				this.#seen.restore(`${start}/${user}`, ids);
			}
		}
	}

	take(): Outcome<Sent> {
		const watermarkMs = Number.isFinite(this.#watermarkMs) ? this.#watermarkMs : null;
		const progress: Progress = { ...this.#counts, watermarkMs };
		const changes: Change[] = [
			...[...this.#changedPanes].map((key) => ({ key, value: this.#paneValue(key) })),
			...[...this.#changedIds].map((bucket) => {
				const ids = this.#seen.in(bucket);
				const value = ids.length === 0 ? null : JSON.stringify(ids);
				return { key: `${stateKinds.ids}/${bucket}`, value };
			}),
			{ key: progressKey, value: JSON.stringify(progress) },
		];
		for (const change of changes) this.#live.apply(change);
		const results = this.#results;
		this.#results = [];
		this.#changedPanes.clear();
		this.#changedIds.clear();
		return { results, changes };
	}

	/** Windows end where panes end: between two ends nothing happens. */
	#advance(toMs: number, closer: Sent | null): void {
		const fromMs = this.#watermarkMs;
		this.#watermarkMs = toMs;
		if (paneOf(toMs) === paneOf(fromMs)) return;
		const cause = closer && { sentAtMs: closer.sentAtMs, phase: closer.phase };
		for (const [user, panes] of this.#users) {
			for (const window of closedBetween(panes, fromMs, toMs))
				this.#results.push({
					to: resultsTopic,
					key: `${window.kind}/${window.startMs}/${user}`,
					value: JSON.stringify({ user, ...window }),
					cause,
				});
			for (const startMs of [...panes.keys()])
				if (lastEndMs(startMs) <= toMs) {
					this.#changedPanes.add(paneKey(startMs, user));
					this.#forget(user, startMs);
				}
		}
		for (const bucket of this.#seen.expire(toMs)) this.#changedIds.add(bucket);
	}

	#panesOf(user: string): Panes {
		let panes = this.#users.get(user);
		if (panes === undefined) {
			panes = new Map();
			this.#users.set(user, panes);
		}
		return panes;
	}

	#paneValue(key: string): string | null {
		const [, start, user] = partsOf(key);
		const pane = this.#users.get(user)?.get(start);
		return pane === undefined ? null : JSON.stringify([pane.count, pane.sum, pane.max]);
	}

	#forget(user: string, startMs: number): void {
		const panes = this.#users.get(user);
		panes?.delete(startMs);
		if (panes?.size === 0) this.#users.delete(user);
	}
}

type Progress = Counts & { watermarkMs: number | null };

function paneKey(startMs: number, user: string): string {
	return `${stateKinds.panes}/${startMs}/${user}`;
}

/** The parts of `pane/1700000000000/user-1`; a user's name may have slashes of its own. */
function partsOf(key: string): [kind: string, startMs: number, user: string] {
	const [kind = "", start = ""] = key.split("/", 2);
	return [kind, Number(start), key.slice(kind.length + start.length + 2)];
}

export const nothingLeft: Left = {
	events: 0,
	counted: 0,
	repeated: 0,
	late: 0,
	staleCount: 0,
	stale: [],
};

/**
 * What a state of several partitions, each by key as its changelog has it, says of the messages; and what should be gone
 * of it by then.
 */
export function leftOf(
	partitions: readonly ReadonlyMap<string, string>[],
	horizonMs: number,
): Left {
	return leftTogether(
		partitions.flatMap((live) => leftOfOne(live, horizonMs) ?? []),
		nothingLeft,
	);
}

function leftOfOne(live: ReadonlyMap<string, string>, horizonMs: number): Left | null {
	const progress = live.get(progressKey);
	if (progress === undefined) return null;
	const { watermarkMs, ...counts } = JSON.parse(progress) as Progress;
	const stale = [...live.keys()].filter((key) => {
		const [kind, startMs] = partsOf(key);
		const goneAtMs =
			kind === stateKinds.panes
				? lastEndMs(startMs)
				: kind === stateKinds.ids
					? goneFrom(startMs, horizonMs)
					: Number.POSITIVE_INFINITY;
		return goneAtMs <= (watermarkMs ?? noTimeYet);
	});
	return { ...counts, staleCount: stale.length, stale: stale.slice(0, 10) };
}
