/**
 * What a run waits for between the end of its load and `observe`: a pipeline that has not come to rest looks as if it had
 * lost what is still on its way.
 */
export interface Settle<C> {
	/** Longest wait. What is not at rest by then is looked at as it is, and the record says so. */
	limitMs: number;
	/** The counts of `still` have to have stayed as they are for so long; default 200. */
	stillMs?: number;
	/** What nothing has moved of for so long is not waited for any more: who should move it is dead. Default: the limit. */
	stuckMs?: number | ((ctx: C) => number);
	look(ctx: C): Promise<Look>;
}

/** Asked again and again. At rest are numbers of `zero` that are 0, such as a lag, and counts of `still` that stay. */
export interface Look {
	zero?: Record<string, number>;
	still?: Record<string, number>;
	/** Says beside these that something happens, such as a position; it may be whatever it is. */
	moves?: Record<string, number>;
}

/** What was waited for. */
export interface Settled {
	inTime: boolean;
	tookMs: number;
	/** As they were in the end. */
	values: Record<string, number>;
}

/** What was waited for, in a sentence. */
export function settledText({ inTime, tookMs, values }: Settled): string {
	const shown = Object.entries(values).map(([name, value]) => `${name} ${value}`);
	const what = shown.length === 0 ? "" : `: ${shown.join(", ")}`;
	return inTime
		? `at rest ${Math.round(tookMs)} ms after the load${what}`
		: `not at rest ${Math.round(tookMs)} ms after the load, and looked at as it is${what}`;
}

const stillMsDefault = 200;
const everyMs = 20;

export interface SettleClock {
	nowMs(): number;
	pause(ms: number): Promise<void>;
}

/** Looks until all is at rest, or the limit has passed. */
export async function settle<C>(
	{ limitMs, stillMs = stillMsDefault, stuckMs = limitMs, look }: Settle<C>,
	ctx: C,
	{ nowMs, pause }: SettleClock,
): Promise<Settled> {
	const stuckForMs = typeof stuckMs === "function" ? stuckMs(ctx) : stuckMs;
	const fromMs = nowMs();
	let before = "";
	let stillFromMs = fromMs;
	let seen = "";
	let movedAtMs = fromMs;
	for (;;) {
		const { zero = {}, still = {}, moves = {} } = await look(ctx);
		const atMs = nowMs();
		const all = JSON.stringify([zero, still, moves]);
		if (all !== seen) {
			seen = all;
			movedAtMs = atMs;
		}
		const counts = JSON.stringify(still);
		if (counts !== before) {
			before = counts;
			stillFromMs = atMs;
		}
		const changes = Object.keys(still).length > 0 && atMs - stillFromMs < stillMs;
		const inTime = !changes && Object.values(zero).every((value) => value === 0);
		const tookMs = atMs - fromMs;
		const isOver = tookMs >= limitMs || atMs - movedAtMs >= stuckForMs;
		if (inTime || isOver) return { inTime, tookMs, values: { ...zero, ...still } };
		await pause(everyMs);
	}
}
