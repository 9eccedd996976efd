import type { JsonObject } from "faultline";
import type { Decision } from "./decisions.ts";

/** So many errors are told with their time. */
const errorsMax = 3_000;

/** What the decisions of a service come to, found by going through them once more. */
export interface Audit extends JsonObject {
	/** Requests that came in. */
	receivedCount: number;
	refusedCount: number;
	startedCount: number;
	/** How often what lies behind the service failed, and when, by the clock of the decisions: the first of them. */
	errorCount: number;
	errorsAtMs: number[];
	/** Most that waited at once, and were under way. */
	waitingMax: number;
	underWayMax: number;
	/** Begun although its client had given up by then. */
	forNobodyCount: number;
	/** Refused or thrown out for want of room, and so many of them while something less important could wait. */
	shedCount: number;
	unfairCount: number;
	/** Begun before something more important, or before what had waited for longer. */
	outOfTurnCount: number;
	/** Begun although as many were under way as may be. */
	overLimitCount: number;
}

interface Waiting {
	key: number;
	priority: number;
	deadlineAtMs: number;
}

/**
 * Follows the service's decisions with a list of who waits, and nothing of what made them: what was decided against the
 * rules is counted. `byPriority` says whether importance is one of the rules.
 */
export function audit(
	decisions: Iterable<Decision>,
	{ byPriority }: { byPriority: boolean },
): Audit {
	const found: Audit = {
		receivedCount: 0,
		refusedCount: 0,
		startedCount: 0,
		errorCount: 0,
		errorsAtMs: [],
		waitingMax: 0,
		underWayMax: 0,
		forNobodyCount: 0,
		shedCount: 0,
		unfairCount: 0,
		outOfTurnCount: 0,
		overLimitCount: 0,
	};
	/** In the order in which they came. */
	let waiting: Waiting[] = [];
	let underWay = 0;
	let evicted: Waiting | null = null;
	const placeOf = (key: number): number => {
		const place = waiting.findIndex((one) => one.key === key);
		if (place < 0) throw new Error(`the decisions tell of request ${key}, which does not wait`);
		return place;
	};
	const lessImportant = (priority: number) => waiting.some((other) => other.priority > priority);

	for (const decision of decisions) {
		switch (decision.is) {
			case "begun":
				waiting = [];
				underWay = 0;
				break;
			case "refused":
				found.receivedCount += 1;
				found.refusedCount += 1;
				if (decision.why !== "queue_full") break;
				found.shedCount += 1;
				if (byPriority && lessImportant(decision.priority)) found.unfairCount += 1;
				break;
			case "queued": {
				found.receivedCount += 1;
				const { key, priority, deadlineAtMs } = decision;
				// Who was thrown out made room for this one.
				if (evicted !== null && evicted.priority <= priority) found.unfairCount += 1;
				evicted = null;
				waiting.push({ key, priority, deadlineAtMs });
				found.waitingMax = Math.max(found.waitingMax, waiting.length);
				break;
			}
			case "dropped": {
				const [one] = waiting.splice(placeOf(decision.key), 1) as [Waiting];
				found.refusedCount += 1;
				if (decision.why !== "evicted") break;
				found.shedCount += 1;
				evicted = one;
				if (lessImportant(one.priority)) found.unfairCount += 1;
				break;
			}
			case "started": {
				const place = placeOf(decision.key);
				if (isOutOfTurn(waiting, place, byPriority)) found.outOfTurnCount += 1;
				const [one] = waiting.splice(place, 1) as [Waiting];
				underWay += 1;
				found.startedCount += 1;
				found.underWayMax = Math.max(found.underWayMax, underWay);
				if (underWay > decision.limit || underWay !== decision.underWay) found.overLimitCount += 1;
				if (decision.atMs >= one.deadlineAtMs) found.forNobodyCount += 1;
				break;
			}
			case "ended":
				underWay -= 1;
				if (decision.how !== "error") break;
				found.errorCount += 1;
				if (found.errorsAtMs.length < errorsMax) found.errorsAtMs.push(decision.atMs);
				break;
			default:
				decision satisfies never;
		}
	}
	return found;
}

/** Whether somebody more important waits than the one in this place, or somebody as important since before it. */
function isOutOfTurn(waiting: readonly Waiting[], place: number, byPriority: boolean): boolean {
	if (!byPriority) return place > 0;
	const { priority } = waiting[place]!;
	return waiting.some((other, at) =>
		at < place ? other.priority <= priority : other.priority < priority,
	);
}
