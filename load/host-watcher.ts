import { parentPort } from "node:worker_threads";
import { monotonic } from "../base/clock.ts";
import { pauseFinder, tickMs } from "./host-pauses.ts";

// The thread that does nothing but tick: where its ticks have a gap, no thread of this process could have run.

const find = pauseFinder();
setInterval(() => {
	const pause = find(monotonic());
	if (pause !== null) parentPort?.postMessage(pause);
}, tickMs);
