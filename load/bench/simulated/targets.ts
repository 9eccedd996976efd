/** A target in simulated time: what a generator does meanwhile, or does not get to do, changes nothing in it. */
export interface Target {
	/** An operation arrives; times never go back. */
	arrive(id: number, atMs: number, workMs: number): void;
	/** Everything that ended until then, in order. */
	endedBy(atMs: number): Ended[];
	/** When the next one ends, if none arrives before; Infinity where none is under way. */
	nextMs(): number;
}

export interface Ended {
	id: number;
	atMs: number;
	ok: boolean;
}

const never = Number.POSITIVE_INFINITY;

/** So many at a time, each in its order of arrival. */
export function fifoPool(servers: number): Target {
	const freeMs = Array.from({ length: servers }, () => 0);
	const ended = endings();
	return {
		arrive(id, atMs, workMs) {
			const server = freeMs.indexOf(Math.min(...freeMs));
			freeMs[server] = Math.max(freeMs[server]!, atMs) + workMs;
			ended.add({ id, atMs: freeMs[server]!, ok: true });
		},
		...ended.read,
	};
}

/** All at once, each with its share of what `servers` can do. */
export function processorSharing(servers: number): Target {
	let nowMs = 0;
	const leftMs = new Map<number, number>();
	const done: Ended[] = [];
	const rate = () => Math.min(1, servers / Math.max(1, leftMs.size));
	const advance = (toMs: number) => {
		for (;;) {
			const least = Math.min(never, ...leftMs.values());
			const endMs = nowMs + least / rate();
			if (endMs > toMs || leftMs.size === 0) break;
			const pace = (endMs - nowMs) * rate();
			for (const [id, left] of [...leftMs]) {
				if (left - pace > 1e-9) leftMs.set(id, left - pace);
				else {
					leftMs.delete(id);
					done.push({ id, atMs: endMs, ok: true });
				}
			}
			nowMs = endMs;
		}
		const pace = (toMs - nowMs) * rate();
		for (const [id, left] of leftMs) leftMs.set(id, left - pace);
		nowMs = Math.max(nowMs, toMs);
	};
	return {
		arrive(id, atMs, workMs) {
			advance(atMs);
			leftMs.set(id, workMs);
		},
		endedBy(atMs) {
			advance(atMs);
			return done.splice(0);
		},
		nextMs: () => (leftMs.size === 0 ? never : nowMs + Math.min(...leftMs.values()) / rate()),
	};
}

/** What arrives while a commit is written goes into the next one, all together. */
export function groupCommit(commitMs: number): Target {
	const ended = endings();
	let beginMs = Number.NEGATIVE_INFINITY;
	return {
		arrive(id, atMs, workMs) {
			// It is ready after its own work, and then waits for a commit that begins after that.
			const readyMs = atMs + workMs;
			if (readyMs > beginMs) beginMs = Math.max(readyMs, beginMs + commitMs);
			ended.add({ id, atMs: beginMs + commitMs, ok: true });
		},
		...ended.read,
	};
}

/** Refuses at once what comes faster than its rate, but for a burst. */
export function limiter(perMs: number, burst: number): Target {
	const ended = endings();
	let tokens = burst;
	let filledMs = 0;
	return {
		arrive(id, atMs, workMs) {
			tokens = Math.min(burst, tokens + (atMs - filledMs) * perMs);
			filledMs = atMs;
			const ok = tokens >= 1;
			if (ok) tokens -= 1;
			ended.add({ id, atMs: atMs + (ok ? workMs : 0.1), ok });
		},
		...ended.read,
	};
}

/**
 * A pool whose clients lose patience, and after some failures in a row ask nobody for a while. What was given up is
 * worked on all the same.
 */
export function breaker(servers: number, patienceMs: number): Target {
	const pool = Array.from({ length: servers }, () => 0);
	const ended = endings();
	const failuresMax = 5;
	const openMs = 4 * patienceMs;
	let openUntilMs = Number.NEGATIVE_INFINITY;
	/** Ends of those under way, for the failures in a row are known only then. */
	const known: Ended[] = [];
	let failures = 0;
	const look = (atMs: number) => {
		known.sort((a, b) => a.atMs - b.atMs);
		while (known.length > 0 && known[0]!.atMs <= atMs) {
			const one = known.shift()!;
			failures = one.ok ? 0 : failures + 1;
			if (failures < failuresMax) continue;
			failures = 0;
			openUntilMs = one.atMs + openMs;
		}
	};
	return {
		arrive(id, atMs, workMs) {
			look(atMs);
			if (atMs < openUntilMs) return ended.add({ id, atMs: atMs + 0.1, ok: false });
			const server = pool.indexOf(Math.min(...pool));
			pool[server] = Math.max(pool[server]!, atMs) + workMs;
			const ok = pool[server]! - atMs <= patienceMs;
			const end = { id, atMs: ok ? pool[server]! : atMs + patienceMs, ok };
			known.push(end);
			ended.add(end);
		},
		...ended.read,
	};
}

/** A target in which nothing moves in this stretch. */
export function frozen(target: Target, fromMs: number, toMs: number): Target {
	const lengthMs = toMs - fromMs;
	const inside = (ms: number) => (ms <= fromMs ? ms : Math.max(fromMs, ms - lengthMs));
	const outside = (ms: number) => (ms <= fromMs ? ms : ms + lengthMs);
	return {
		arrive: (id, atMs, workMs) => target.arrive(id, inside(atMs), workMs),
		endedBy: (atMs) =>
			target.endedBy(inside(atMs)).map((end) => ({ ...end, atMs: outside(end.atMs) })),
		nextMs: () => outside(target.nextMs()),
	};
}

/** Ends that are known when an operation arrives, read in the order of their times. */
function endings() {
	let all: Ended[] = [];
	return {
		add(end: Ended): void {
			all.push(end);
		},
		read: {
			endedBy(atMs: number): Ended[] {
				const now = all.filter((end) => end.atMs <= atMs).sort((a, b) => a.atMs - b.atMs);
				if (now.length > 0) all = all.filter((end) => end.atMs > atMs);
				return now;
			},
			nextMs: () => all.reduce((least, end) => Math.min(least, end.atMs), never),
		},
	};
}
