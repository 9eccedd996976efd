/** A p99 over one interval or several. */
export interface Tail {
	p99Ms: number;
	/** Under a hundred it is the greatest. */
	count: number;
	/** Begin of the first of its intervals, from the run's zero. */
	fromMs: number;
	/** By at most so much the generator's own lateness moved it. */
	lateMs: number;
}

/** One interval of one load, all workers summed, as rules and dashboards read it. */
export interface IntervalView {
	load: string;
	case: string | null;
	index: number;
	/** From the run's zero. */
	fromMs: number;
	toMs: number;
	dueCount: number;
	startedCount: number;
	okCount: number;
	failCount: number;
	unknownCount: number;
	droppedCount: number;
	inFlight: number;
	waiting: number;
	responseP50Ms: number | null;
	responseP99Ms: number | null;
	/**
	 * What thresholds on the p99 are held against: over this interval and as many before it as it takes for ten operations.
	 * Null where nothing ended in it although something was under way, or fewer have ended so far.
	 */
	tail: Tail | null;
	serviceP99Ms: number | null;
	scheduleLagP99Ms: number | null;
	loopDelayMaxMs: number;
	/** By at most so much the generator's own lateness moved the time of an operation that ended in it. */
	lateMs: number;
	counters: Record<string, number>;
}

/** One interval of one load as `intervals.ndjson` keeps it: the view, and the sums it was made of. */
export interface MeteredInterval {
	view: IntervalView;
	/** Sums over workers and phases; HdrHistogram V2, compressed, base64. */
	responseUs: string;
	serviceUs: string;
	responseMaxUs: number | null;
	/** The response times by the phase that the operations were due in; null stands for all of `responseUs`. */
	phases: { phase: string; responseUs: string | null }[];
}
