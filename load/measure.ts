import { monotonic } from "../base/clock.ts";
import type { Endpoint } from "../base/endpoint.ts";
import { entryUrl } from "../base/entry.ts";
import type { JsonObject } from "../base/json.ts";
import { openLoad } from "./generator.ts";
import { generatorLimit } from "./generator-limits.ts";
import { type HostPause, overlaps, pauseText } from "./host-pauses.ts";
import type { RepeatParams } from "./repeat-plan.ts";
import type { LoadInterval } from "./report.ts";
import { saturated } from "./saturation.ts";
import { type LoadSummary, summarize } from "./summary.ts";
import { watchHost } from "./watch-host.ts";

export const intervalMs = 1000;
/** Between the order and the load's zero, so that all workers share it. */
const leadMs = 5;

export interface MeasureOptions {
	endpoint: Endpoint;
	load: RepeatParams;
	warmupMs: number;
	durationMs: number;
	onInterval: (interval: LoadInterval) => void;
	/** Ends the load early: what is due by then is drained, and measured. */
	signal: AbortSignal;
}

export interface Reason {
	code: "stopped" | "nothing_due" | "generator_limit";
	message: string;
}

export interface Measured {
	summary: LoadSummary;
	/** Why there is nothing to be told; empty where there is. */
	reasons: Reason[];
	/** Why its timings are not to be compared, in words: the generator was late, or the host stood still. */
	late: string[];
	intervals: LoadInterval[];
	/** Wall-clock time of the load's zero. */
	startedAt: Date;
}

/** Runs one load on one endpoint in worker threads of this process, and tells what the generator itself did. */
export async function measure(options: MeasureOptions): Promise<Measured> {
	const { load, endpoint, warmupMs, durationMs, signal } = options;
	const intervals: LoadInterval[] = [];
	const pauses: HostPause[] = [];
	const watching = watchHost((pause) => pauses.push(pause));
	watching.catch(() => {}); // heard where it is waited for
	const handle = openLoad({
		name: "target",
		moduleUrl: entryUrl("./repeat-plan.ts", import.meta.url).href,
		params: load as unknown as JsonObject,
		spec: { workers: load.workers },
		endpoints: { target: endpoint },
		phases: [
			{ name: "warming", fromMs: 0 },
			{ name: "measured", fromMs: warmupMs },
		],
		intervalMs,
		journalFolder: null,
		onMessage(message) {
			if (message.kind !== "interval") return;
			intervals.push(message.interval);
			options.onInterval(message.interval);
		},
	});
	let stoppedNs: bigint | null = null;
	const stop = () => {
		stoppedNs ??= monotonic();
		handle.stop(stoppedNs);
	};
	signal.addEventListener("abort", stop);
	try {
		await Promise.all([watching, handle.opened]);
		if (signal.aborted) stop();
		const zeroNs = monotonic() + BigInt(leadMs) * 1_000_000n;
		const startedAt = new Date(Date.now() + leadMs);
		const endNs = zeroNs + BigInt(Math.round((warmupMs + durationMs) * 1e6));
		handle.begin(zeroNs);
		handle.stop(endNs);
		await handle.ended;
		const lastNs = stoppedNs ?? endNs;
		const toMs = Math.max(0, Number(lastNs - zeroNs) / 1e6);
		const window = { fromMs: Math.min(warmupMs, toMs), toMs };
		const summary = summarize(intervals, window, ["measured"]);
		const reasons: Reason[] = [];
		const sinceNs = zeroNs + BigInt(Math.round(window.fromMs * 1e6));
		const late = [
			...saturated(summary, intervals, intervalMs, window),
			...pauses
				.filter((pause) => overlaps(pause, sinceNs, monotonic()))
				.map((pause) => pauseText(pause, zeroNs)),
		];
		if (summary.due_count === 0 && stoppedNs === null) {
			const message = `no operation was due in the ${Math.round(window.toMs - window.fromMs)} ms that were measured`;
			reasons.push({ code: "nothing_due", message });
		}
		const limit = generatorLimit(summary);
		if (limit !== null) reasons.push({ code: "generator_limit", message: limit });
		if (stoppedNs !== null) {
			const seconds = Math.round(toMs / 100) / 10;
			reasons.push({
				code: "stopped",
				message: `stopped by a signal ${seconds} s after the start`,
			});
		}
		return { summary, reasons, late, intervals, startedAt };
	} finally {
		signal.removeEventListener("abort", stop);
		const endWatch = await watching;
		await endWatch();
	}
}
