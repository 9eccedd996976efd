import { pause } from "../../base/clock.ts";
import type { ReceivedAlerts } from "../alerts/received.ts";
import type { SinkSettings } from "../alerts/settings.ts";
import type { RunManager } from "../runs/manager.ts";
import { AlertDesk } from "./desk.ts";
import type { Sink } from "./sinks/notification.ts";
import { openSink } from "./sinks/open-sink.ts";
import { SinkQueue } from "./sinks/queue.ts";

/** The desk of a daemon, which follows all its runs. */
export function openDesk(options: {
	runs: RunManager;
	received: ReceivedAlerts;
	sinks: readonly SinkSettings[];
	/** Those of our own, which come and go. */
	own: readonly Sink[];
	log(line: string): void;
}): AlertDesk {
	const { runs, received, log } = options;
	const clock = { nowMs: () => performance.now(), wait: pause };
	const opened = options.sinks.map((settings) => openSink(settings, log));
	const sinks = [...opened, ...options.own].map((sink) => new SinkQueue(sink, { clock, log }));
	const desk = new AlertDesk({ runs, received, sinks, nowMs: Date.now });
	runs.onRun((run) => desk.follow(run));
	return desk;
}
