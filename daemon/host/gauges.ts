import type { HookContext } from "../../scenarios/contract/context.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { Hooks } from "../../scenarios/contract/scenario.ts";

export interface GaugeReading {
	/** What a gauge is given; its signal is aborted when its time is over. */
	context(signal: AbortSignal): HookContext<RunParams>;
	tell(gauge: string, value: number | null): void;
}

/**
 * Asks every gauge of the scenario once an interval, and never before its last answer; returns how to end it. One that
 * throws, or answers with no number within an interval, has no value.
 */
export function readGauges(
	gauges: Hooks["gauges"],
	intervalMs: number,
	{ context, tell }: GaugeReading,
): () => void {
	const ended = new AbortController();
	const read = async (name: string, gauge: (ctx: HookContext<RunParams>) => Promise<number>) => {
		const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(intervalMs)]);
		const late = new Promise<null>((resolve) =>
			signal.addEventListener("abort", () => resolve(null), { once: true }),
		);
		const value = await Promise.race([gauge(context(signal)).catch(() => null), late]);
		if (ended.signal.aborted) return;
		tell(name, typeof value === "number" && Number.isFinite(value) ? value : null);
	};
	const timers = Object.entries(gauges).map(([name, gauge]) => {
		let reading = false;
		return setInterval(() => {
			if (reading) return;
			reading = true;
			void read(name, gauge).finally(() => {
				reading = false;
			});
		}, intervalMs);
	});
	return () => {
		ended.abort();
		for (const timer of timers) clearInterval(timer);
	};
}
