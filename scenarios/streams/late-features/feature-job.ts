import { leftTogether } from "../../subjects/streams/left-together.ts";
import { LiveRecords } from "../../subjects/streams/live-records.ts";
import type { Change, Outcome, Result } from "../../subjects/streams/partition-job.ts";
import type { MeasuredJob, Sent } from "../../subjects/streams/run-member.ts";
import { afterEvent, noTimeYet } from "../../subjects/streams/watermark.ts";
import { decode, type Message } from "./activity.ts";
import {
	type FeatureRecord,
	featureKey,
	featuresTopic,
	type LateRecord,
	lateTopic,
} from "./feature-record.ts";
import { featuresOf, nothingYet, type Sums, windowOf, withOne } from "./features.ts";

export interface FeatureJobOptions {
	windowMs: number;
	/** The watermark stays so far behind the newest activity: a window's features are given so long after its end. */
	delayMs: number;
	/** Features are corrected for so long after they were due. */
	latenessMs: number;
	/** Whether it tells what came too late; without it that is dropped. */
	tellsLate: boolean;
}

/** Kind of the state's keys, which are `feature/window's start/user`. */
export const stateKind = "feature";
const progressKey = "progress";

/** What has become of the activities; each is one of the last three. */
export type Counts = {
	events: number;
	onTime: number;
	absorbed: number;
	late: number;
};

/** A user's window: its sums, and how many versions of its features were given. */
type Kept = Sums & { version: number };

type Progress = Counts & { watermarkMs: number | null };

/**
 * The job: features of each user over windows of event time. They are given when the watermark comes to the window's end,
 * corrected by what comes after that, and let go of `latenessMs` later; what comes then goes to an output of its own.
 * Which of the three becomes of an activity hangs on the order of its partition alone.
 */
export class FeatureJob implements MeasuredJob {
	readonly #options: FeatureJobOptions;
	/** By the window's start, then by the user. */
	readonly #windows = new Map<number, Map<string, Kept>>();
	#watermarkMs = noTimeYet;
	#counts: Counts = { events: 0, onTime: 0, absorbed: 0, late: 0 };
	#results: Result<Sent>[] = [];
	readonly #changed = new Set<string>();
	readonly #live = new LiveRecords();

	constructor(options: FeatureJobOptions) {
		this.#options = options;
	}

	get watermarkMs(): number {
		return this.#watermarkMs;
	}

	get stateBytes(): Record<string, number> {
		return { [stateKind]: this.#live.bytesOf(stateKind) };
	}

	process(value: Buffer): void {
		const activity = decode(value);
		const startMs = windowOf(activity.atMs, this.#options.windowMs);
		const goneMs = this.#endOf(startMs) + this.#options.latenessMs;
		this.#counts.events++;
		if (this.#watermarkMs >= goneMs) this.#tooLate(activity, this.#watermarkMs - goneMs);
		else this.#add(startMs, activity);
		this.#advance(afterEvent(this.#watermarkMs, activity, this.#options.delayMs), activity);
	}

	/** What others have come to says nothing of how late an activity may be here: a quiet partition waits. */
	waitWith(): void {}

	restore(change: Change): void {
		this.#live.apply(change);
		const { key, value } = change;
		if (key === progressKey) {
			const { watermarkMs, ...counts } = JSON.parse(value!) as Progress;
			this.#watermarkMs = watermarkMs ?? noTimeYet;
			this.#counts = counts;
			return;
		}
		const [startMs, user] = partsOf(key);
		if (value === null) this.#forget(startMs, user);
		else this.#keep(startMs, user, JSON.parse(value) as Kept);
	}

	take(): Outcome<Sent> {
		const watermarkMs = Number.isFinite(this.#watermarkMs) ? this.#watermarkMs : null;
		const progress: Progress = { ...this.#counts, watermarkMs };
		const changes: Change[] = [...this.#changed].map((key) => {
			const [startMs, user] = partsOf(key);
			const kept = this.#windows.get(startMs)?.get(user);
			return { key, value: kept === undefined ? null : JSON.stringify(kept) };
		});
		changes.push({ key: progressKey, value: JSON.stringify(progress) });
		for (const change of changes) this.#live.apply(change);
		const results = this.#results;
		this.#results = [];
		this.#changed.clear();
		return { results, changes };
	}

	#add(startMs: number, activity: Message): void {
		const { user } = activity;
		const before = this.#windows.get(startMs)?.get(user) ?? { ...nothingYet, version: 0 };
		const now: Kept = { ...withOne(before, activity), version: before.version };
		if (this.#watermarkMs < this.#endOf(startMs)) this.#counts.onTime++;
		else {
			this.#counts.absorbed++;
			now.version++;
			if (before.version > 0) this.#give("retract", startMs, user, before, activity);
			this.#give("assert", startMs, user, now, activity);
		}
		this.#keep(startMs, user, now);
		this.#changed.add(stateKey(startMs, user));
	}

	#tooLate({ id, user, atMs, sentAtMs, phase }: Message, tooLateMs: number): void {
		this.#counts.late++;
		if (!this.#options.tellsLate) return;
		const record: LateRecord = { id, user, atMs, tooLateMs };
		const cause = { sentAtMs, phase };
		this.#results.push({ to: lateTopic, key: id, value: JSON.stringify(record), cause });
	}

	/** Gives the features of windows that end by then, and lets go of those that no activity can change any more. */
	#advance(toMs: number, cause: Message): void {
		const fromMs = this.#watermarkMs;
		this.#watermarkMs = toMs;
		if (toMs === fromMs) return;
		for (const [startMs, users] of this.#windows) {
			const endMs = this.#endOf(startMs);
			if (endMs > fromMs && endMs <= toMs)
				for (const [user, kept] of users) {
					kept.version = 1;
					this.#give("assert", startMs, user, kept, cause);
					this.#changed.add(stateKey(startMs, user));
				}
			if (endMs + this.#options.latenessMs > toMs) continue;
			for (const user of users.keys()) this.#changed.add(stateKey(startMs, user));
			this.#windows.delete(startMs);
		}
	}

	#give(
		op: FeatureRecord["op"],
		startMs: number,
		user: string,
		kept: Kept,
		{ sentAtMs, phase }: Sent,
	): void {
		const { version } = kept;
		const at = { user, startMs, endMs: this.#endOf(startMs) };
		const record: FeatureRecord = { op, version, ...at, ...featuresOf(kept) };
		this.#results.push({
			to: featuresTopic,
			key: featureKey(startMs, user),
			value: JSON.stringify(record),
			cause: { sentAtMs, phase },
		});
	}

	#endOf(startMs: number): number {
		return startMs + this.#options.windowMs;
	}

	#keep(startMs: number, user: string, kept: Kept): void {
		const users = this.#windows.get(startMs) ?? new Map<string, Kept>();
		users.set(user, kept);
		this.#windows.set(startMs, users);
	}

	#forget(startMs: number, user: string): void {
		const users = this.#windows.get(startMs);
		users?.delete(user);
		if (users?.size === 0) this.#windows.delete(startMs);
	}
}

function stateKey(startMs: number, user: string): string {
	return `${stateKind}/${featureKey(startMs, user)}`;
}

/** The parts of `feature/1700000000000/user-1`; a user's name may have slashes of its own. */
function partsOf(key: string): [startMs: number, user: string] {
	const [kind = "", start = ""] = key.split("/", 2);
	return [Number(start), key.slice(kind.length + start.length + 2)];
}

/** What is left of the state at the end, and what has become of the activities. */
export type Left = Counts & {
	/** Windows that no activity can change any more: they should be gone. */
	staleCount: number;
	stale: string[];
};

export const nothingLeft: Left = {
	events: 0,
	onTime: 0,
	absorbed: 0,
	late: 0,
	staleCount: 0,
	stale: [],
};

/** What the state of several partitions says, each by key as its changelog has it. */
export function leftOf(
	live: readonly ReadonlyMap<string, string>[],
	{ windowMs, latenessMs }: Pick<FeatureJobOptions, "windowMs" | "latenessMs">,
): Left {
	const parts = live.flatMap((state) => leftOfOne(state, windowMs + latenessMs) ?? []);
	return leftTogether(parts, nothingLeft);
}

/** `keptMs` is from a window's start until it is let go of. */
function leftOfOne(state: ReadonlyMap<string, string>, keptMs: number): Left | null {
	const progress = state.get(progressKey);
	if (progress === undefined) return null;
	const { watermarkMs, ...counts } = JSON.parse(progress) as Progress;
	const stale = [...state.keys()].filter(
		(key) =>
			key.startsWith(`${stateKind}/`) && partsOf(key)[0] + keptMs <= (watermarkMs ?? noTimeYet),
	);
	return { ...counts, staleCount: stale.length, stale: stale.slice(0, 10) };
}
