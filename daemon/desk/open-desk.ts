import { pause } from "../../base/clock.ts";
import type { ReceivedAlerts } from "../alerts/received.ts";
import type { SinkSettings } from "../alerts/settings.ts";
import type { RunManager } from "../runs/manager.ts";
import { AlertDesk } from "./desk.ts";
import { openSink } from "./sinks/open-sink.ts";
import { SinkQueue } from "./sinks/queue.ts";

/** The desk of a daemon, which follows all its runs. */
export function openDesk(options: {
	runs: RunManager;
	received: ReceivedAlerts;
	sinks: readonly SinkSettings[];
	log(line: string): void;
}): AlertDesk {
	const { runs, received, log } = options;
	const clock = { nowMs: () => performance.now(), wait: pause };
	const sinks = options.sinks.map(
		(settings) => new SinkQueue(openSink(settings, log), { clock, log }),
	);
	const desk = new AlertDesk({ runs, received, sinks, nowMs: Date.now });
	runs.onRun((run) => desk.follow(run));
	return desk;
}
