export interface Draining {
	/** Messages that wait. */
	look(): Promise<number>;
	/** Between two looks. */
	pause(): Promise<unknown>;
	nowMs(): number;
}

/** Looks until nothing waits, or so long. */
export async function drainFor(limitMs: number, { look, pause, nowMs }: Draining): Promise<void> {
	const giveUpAtMs = nowMs() + limitMs;
	while ((await look()) > 0 && nowMs() < giveUpAtMs) await pause();
}

/** Looks until nothing waits, or has become less for so long: a slow machine has all the time that it takes. */
export async function drainAll(stuckMs: number, { look, pause, nowMs }: Draining): Promise<void> {
	let least = Number.POSITIVE_INFINITY;
	let giveUpAtMs = 0;
	for (;;) {
		const waiting = await look();
		if (waiting < least) {
			least = waiting;
			giveUpAtMs = nowMs() + stuckMs;
		}
		if (waiting === 0 || nowMs() >= giveUpAtMs) return;
		await pause();
	}
}
