import type { FaultRecord } from "../../chaos/injection.ts";
import type { AlertFacts } from "../../scenarios/contract/facts.ts";
import { type ScoredTime, scoreRule } from "./score.ts";
import type { AlertSettings } from "./settings.ts";

/** An alert as Alertmanager takes it; times in RFC 3339. */
export interface PostedAlert {
	labels: Record<string, string>;
	annotations?: Record<string, string>;
	startsAt?: string;
	endsAt?: string;
}

/** One firing of one label set. Times are of the wall clock. */
export interface ReceivedFiring {
	/** Counts from 1, over all. */
	number: number;
	rule: string;
	labels: Record<string, string>;
	startedAtMs: number;
	/** It fires until then unless it is repeated. */
	untilMs: number;
	resolvedAtMs: number | null;
	acknowledgedAtMs: number | null;
}

export interface ReceivedChange {
	firing: ReceivedFiring;
	change: "fired" | "resolved";
}

/** The case whose faults the alerts are held against. */
export interface ScoredCase {
	id: string | null;
	/** Wall clock of the run's zero. */
	zeroAtMs: number;
	/** Its load, from the run's zero. */
	fromMs: number;
	time: ScoredTime;
	faults: readonly FaultRecord[];
}

/** More label sets than any rule file has: whoever sends more counts them up, and no memory is to follow. */
const labelSetsMax = 1_000;
const firingsKeptMax = 5_000;

/**
 * The alerts that came in: identity is the label set, the first start counts, repeats fold, and what is not repeated in
 * time has resolved. All times are given in, so that it says the same whenever it is asked.
 */
export class ReceivedAlerts {
	readonly #settings: AlertSettings["incoming"];
	readonly #current = new Map<string, ReceivedFiring>();
	#firings: ReceivedFiring[] = [];
	#count = 0;
	/** Alerts that were not taken in, because there were too many label sets. */
	droppedCount = 0;

	constructor(settings: AlertSettings["incoming"]) {
		this.#settings = settings;
	}

	/** Newest last, of every label set. */
	get firings(): readonly ReceivedFiring[] {
		return this.#firings;
	}

	/** Takes a post in; what it changed. */
	take(posted: readonly PostedAlert[], nowMs: number): ReceivedChange[] {
		const changes = this.expire(nowMs);
		for (const alert of posted) {
			const change = this.#takeOne(alert, nowMs);
			if (change !== null) changes.push(change);
		}
		return changes;
	}

	/** What has not been repeated in time has resolved at the time it was said to last. */
	expire(nowMs: number): ReceivedChange[] {
		return [...this.#current.entries()]
			.filter(([, { untilMs }]) => untilMs <= nowMs)
			.map(([key, firing]) => this.#resolve(key, firing, firing.untilMs));
	}

	#takeOne({ labels, startsAt, endsAt }: PostedAlert, nowMs: number): ReceivedChange | null {
		const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
		const said = endsAt === undefined ? 0 : Date.parse(endsAt);
		// A zero time, year 1, is how Go says "none".
		const untilMs = said > 0 ? said : nowMs + this.#settings.resolveTimeoutMs;
		const known = this.#current.get(key);
		if (untilMs <= nowMs) return known ? this.#resolve(key, known, untilMs) : null;
		if (known !== undefined) {
			known.untilMs = untilMs;
			return null;
		}
		if (this.#current.size >= labelSetsMax) {
			this.droppedCount += 1;
			return null;
		}
		const started = startsAt === undefined ? nowMs : Date.parse(startsAt);
		this.#count += 1;
		const firing: ReceivedFiring = {
			number: this.#count,
			rule: labels.alertname ?? "",
			labels,
			startedAtMs: started > 0 ? Math.min(started, nowMs) : nowMs,
			untilMs,
			resolvedAtMs: null,
			acknowledgedAtMs: null,
		};
		this.#current.set(key, firing);
		this.#firings = [...this.#firings.slice(1 - firingsKeptMax), firing];
		return { firing, change: "fired" };
	}

	#resolve(key: string, firing: ReceivedFiring, atMs: number): ReceivedChange {
		this.#current.delete(key);
		firing.resolvedAtMs = Math.max(firing.startedAtMs, atMs);
		return { firing, change: "resolved" };
	}

	/** The rules that fired while a case ran, and those that were to: one line each, all its label sets together. */
	factsOf({ id, zeroAtMs, fromMs, time, faults }: ScoredCase): AlertFacts[] {
		const { evaluationMs, rules } = this.#settings;
		const within = this.#firings.filter(
			({ startedAtMs, resolvedAtMs }) =>
				startedAtMs - zeroAtMs <= time.endMs &&
				(resolvedAtMs ?? Number.POSITIVE_INFINITY) - zeroAtMs >= fromMs,
		);
		const names = new Set([...Object.keys(rules), ...within.map(({ rule }) => rule)]);
		return [...names].sort().map((rule) => {
			const firings = folded(
				within.filter((firing) => firing.rule === rule),
				zeroAtMs,
				time.endMs,
			);
			// Names come from outside: "constructor" is one that every object has.
			const { forMs, about } = (Object.hasOwn(rules, rule) ? rules[rule] : null) ?? { forMs: 0 };
			const firedMs = firings.map((firing) => firing.fromMs);
			const resolvedMs = firings.flatMap(({ toMs }) => toMs ?? []);
			const score = scoreRule(
				{
					firedMs,
					resolvedMs,
					evaluationMs,
					forMs,
					about,
					shortestFaultMs: Math.max(forMs, evaluationMs),
				},
				faults,
				time,
			);
			const acknowledgedMs = firings.map((firing) => firing.acknowledgedMs);
			return { rule, case: id, origin: "received", firedMs, resolvedMs, acknowledgedMs, score };
		});
	}
}

interface Folded {
	fromMs: number;
	toMs: number | null;
	acknowledgedMs: number | null;
}

/** What several label sets of a rule said at once is one firing, from the first start to the last end. */
function folded(firings: readonly ReceivedFiring[], zeroAtMs: number, endMs: number): Folded[] {
	const sorted = firings
		.map(({ startedAtMs, resolvedAtMs, acknowledgedAtMs }): Folded => {
			const toMs = resolvedAtMs === null ? null : resolvedAtMs - zeroAtMs;
			return {
				fromMs: startedAtMs - zeroAtMs,
				// The watch ends with the load, as it does for the rules of the plan.
				toMs: toMs === null || toMs > endMs ? null : toMs,
				acknowledgedMs: acknowledgedAtMs === null ? null : acknowledgedAtMs - zeroAtMs,
			};
		})
		.sort((a, b) => a.fromMs - b.fromMs);
	const result: Folded[] = [];
	for (const firing of sorted) {
		const last = result.at(-1);
		if (last === undefined || (last.toMs !== null && last.toMs < firing.fromMs)) {
			result.push(firing);
			continue;
		}
		last.toMs =
			last.toMs === null || firing.toMs === null ? null : Math.max(last.toMs, firing.toMs);
		last.acknowledgedMs ??= firing.acknowledgedMs;
	}
	return result;
}
