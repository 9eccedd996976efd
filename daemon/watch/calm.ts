import { setTimeout as pause } from "node:timers/promises";

/** A timer that fires so much too late was kept waiting for a processor. */
const lateMs = 5;
/** So long a machine has to be calm before it counts as such. */
const calmForMs = 100;
const tickMs = 20;
const probeMs = 5;

export interface Calm {
	isCalm: boolean;
	waitedMs: number;
}

/** How late this process's own timers were since the last question, in milliseconds. */
export type LatenessProbe = { takeMs(): number; close(): void };

/** Watches how late timers of this process fire, from now on. */
export function timerLateness(): LatenessProbe {
	let worstMs = 0;
	let dueMs = performance.now() + probeMs;
	const timer = setInterval(() => {
		const nowMs = performance.now();
		worstMs = Math.max(worstMs, nowMs - dueMs);
		dueMs = nowMs + probeMs;
	}, probeMs);
	return {
		takeMs() {
			const takenMs = worstMs;
			worstMs = 0;
			return takenMs;
		},
		close: () => clearInterval(timer),
	};
}

/**
 * Waits until the machine has been calm for a while by this probe, at most `limitMs`. A new process compiles its code, a
 * new broker its own, and what is measured meanwhile is that.
 */
export async function waitForCalm(
	probe: LatenessProbe,
	limitMs: number,
	{ nowMs = () => performance.now() }: { nowMs?: () => number } = {},
): Promise<Calm> {
	const fromMs = nowMs();
	let calmSinceMs = fromMs;
	probe.takeMs();
	for (;;) {
		const atMs = nowMs();
		if (probe.takeMs() > lateMs) calmSinceMs = atMs;
		const waitedMs = atMs - fromMs;
		if (atMs - calmSinceMs >= calmForMs) return { isCalm: true, waitedMs };
		if (waitedMs >= limitMs) return { isCalm: false, waitedMs };
		await pause(tickMs);
	}
}

const limitMs = 5_000;
/** A machine that was not calm in all that time is not waited for so long again, until it is. */
const shortLimitMs = 500;

/** What the runs of a daemon pass through, each once, before its first load. */
export class CalmGate {
	#limitMs = limitMs;

	async pass(): Promise<Calm> {
		const probe = timerLateness();
		try {
			const calm = await waitForCalm(probe, this.#limitMs);
			this.#limitMs = calm.isCalm ? limitMs : shortLimitMs;
			return calm;
		} finally {
			probe.close();
		}
	}
}

/** What a run says of its wait; null where there was hardly one. */
export function calmText({ isCalm, waitedMs }: Calm): string | null {
	if (isCalm && waitedMs < noticedMs) return null;
	const how = isCalm ? "was calm" : "was not calm";
	return `the machine ${how} after ${Math.round(waitedMs)} ms: the load begins`;
}
const noticedMs = 300;
