import { Aimd } from "../../subjects/aimd.ts";
import type { Asked, Decision, Refusal } from "./decisions.ts";
import type { Policy } from "./policies.ts";

/** A request that may wait for its turn. */
export interface Candidate extends Asked {
	/** Its turn has come. */
	start(): void;
	/** It is not served, after it had waited. */
	drop(why: Refusal): void;
}

/** How the work on one has ended: done, in so much time of which so much at the store; late for its client; or not at all. */
export type End =
	| { how: "done"; tookMs: number; storeMs: number }
	| { how: "late" }
	| { how: "error" };

/** Weight of the newest answer in what an answer is expected to take. */
const newestShare = 0.2;

/**
 * Decides by a policy which requests wait, which are refused, and which begins next. Pure but for what it was given: time
 * is an argument, and what it has decided goes to `tell`.
 */
export class Admission {
	readonly #policy: Policy;
	readonly #tell: (decision: Decision) => void;
	readonly #limit: Aimd;
	/** By priority, oldest first. */
	readonly #lanes: Candidate[][];
	#waiting = 0;
	#underWay = 0;
	#expectedMs = 0;

	constructor(policy: Policy, priorityCount: number, tell: (decision: Decision) => void) {
		const { concurrency } = policy;
		this.#policy = policy;
		this.#tell = tell;
		this.#lanes = Array.from({ length: policy.byPriority ? priorityCount : 1 }, () => []);
		this.#limit = new Aimd(
			concurrency.kind === "adaptive"
				? concurrency
				: {
						start: concurrency.most,
						least: concurrency.most,
						most: concurrency.most,
						keptShare: 1,
					},
		);
	}

	/** Why such a request would be refused now, before anything of it is read; null where it may come in. */
	refusalOf(
		{ priority, deadlineAtMs }: Pick<Asked, "priority" | "deadlineAtMs">,
		nowMs: number,
	): Refusal | null {
		if (!this.#isInTime(deadlineAtMs, nowMs)) return "no_time";
		return this.#isFull && this.#leastImportantAfter(priority) === null ? "queue_full" : null;
	}

	/** Takes it in, in the place of a less important one where all are taken; or says why not. */
	offer(candidate: Candidate, nowMs: number): Refusal | null {
		const why = this.refusalOf(candidate, nowMs);
		if (why !== null) return why;
		const { key, client, priority, deadlineAtMs } = candidate;
		if (this.#isFull) {
			this.#waiting -= 1;
			this.#drop(this.#leastImportantAfter(priority)!.pop()!, "evicted", nowMs);
		}
		this.#tell({ is: "queued", atMs: nowMs, key, client, priority, deadlineAtMs });
		this.#laneOf(priority).push(candidate);
		this.#waiting += 1;
		this.#startNext(nowMs);
		return null;
	}

	/** Its client gives up: it waits no longer. False where it does not wait any more. */
	withdraw(candidate: Candidate, nowMs: number): boolean {
		const lane = this.#laneOf(candidate.priority);
		const place = lane.indexOf(candidate);
		if (place < 0) return false;
		lane.splice(place, 1);
		this.#waiting -= 1;
		this.#drop(candidate, "no_time", nowMs);
		return true;
	}

	/** The work on one that was started is over. */
	ended(key: number, end: End, nowMs: number): void {
		this.#tell({ is: "ended", atMs: nowMs, key, how: end.how });
		this.#learn(end, nowMs);
		this.#underWay -= 1;
		this.#startNext(nowMs);
	}

	/** When it is worth while to ask again: by then what waits now has been served. */
	get roomAfterMs(): number {
		return Math.max(1, ((this.#waiting + 1) * this.#expectedMs) / this.#most);
	}

	get #isFull(): boolean {
		const { queueMax } = this.#policy;
		return queueMax !== null && this.#waiting >= queueMax;
	}

	get #most(): number {
		return Math.floor(this.#limit.limit);
	}

	/** With nothing under way one is tried in any case: else a store that was slow for a while would stay so for good. */
	#isInTime(deadlineAtMs: number, nowMs: number): boolean {
		if (!this.#policy.honoursDeadlines) return true;
		const neededMs = this.#underWay === 0 ? 0 : this.#expectedMs;
		return deadlineAtMs - nowMs > neededMs;
	}

	#startNext(nowMs: number): void {
		while (this.#underWay < this.#most) {
			const candidate = this.#lanes.find((lane) => lane.length > 0)?.shift();
			if (candidate === undefined) return;
			this.#waiting -= 1;
			if (!this.#isInTime(candidate.deadlineAtMs, nowMs)) {
				this.#drop(candidate, "no_time", nowMs);
				continue;
			}
			this.#underWay += 1;
			const { key } = candidate;
			this.#tell({ is: "started", atMs: nowMs, key, underWay: this.#underWay, limit: this.#most });
			candidate.start();
		}
	}

	#learn(end: End, nowMs: number): void {
		const { concurrency } = this.#policy;
		if (end.how === "done") {
			const share = this.#expectedMs === 0 ? 1 : newestShare;
			this.#expectedMs += share * (end.tookMs - this.#expectedMs);
		}
		if (concurrency.kind === "fixed" || end.how === "late") return;
		const { targetMs } = concurrency;
		if (end.how === "error" || end.storeMs > targetMs) this.#limit.decrease(nowMs, targetMs);
		// A limit that nobody comes up to has not been tried.
		else if (this.#underWay * 2 >= this.#most) this.#limit.increase(1 / this.#limit.limit);
	}

	#laneOf(priority: number): Candidate[] {
		return this.#lanes[Math.min(priority, this.#lanes.length - 1)]!;
	}

	/** The lane of the least important that wait, where they are less important than this; null where none are. */
	#leastImportantAfter(priority: number): Candidate[] | null {
		const lane = this.#lanes.findLastIndex((lane) => lane.length > 0);
		return this.#policy.byPriority && lane > priority ? this.#lanes[lane]! : null;
	}

	#drop(candidate: Candidate, why: Refusal, nowMs: number): void {
		this.#tell({ is: "dropped", atMs: nowMs, key: candidate.key, why });
		candidate.drop(why);
	}
}
