import { parentPort } from "node:worker_threads";
import { monotonic } from "../base/clock.ts";
import { type HostPause, pauseFinder, tickMs } from "./host-pauses.ts";

// The thread that does nothing but tick: where its ticks have a gap, no thread of this process could have run.

export type WatcherMessage = { kind: "ticking" } | { kind: "pause"; pause: HostPause };

const post = (message: WatcherMessage) => parentPort?.postMessage(message);
const find = pauseFinder();
const tick = () => {
	const pause = find(monotonic());
	if (pause !== null) post({ kind: "pause", pause });
};
tick();
setInterval(tick, tickMs);
post({ kind: "ticking" });
