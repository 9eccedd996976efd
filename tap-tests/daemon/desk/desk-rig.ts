import type { Acknowledged } from "../../../daemon/alerts/acknowledge.ts";
import { ReceivedAlerts } from "../../../daemon/alerts/received.ts";
import { AlertDesk, type DeskRun } from "../../../daemon/desk/desk.ts";
import type { Notification, Sink } from "../../../daemon/desk/sinks/notification.ts";
import { SinkQueue } from "../../../daemon/desk/sinks/queue.ts";
import { EventLog } from "../../../daemon/record/events.ts";
import { runDocument } from "../record/run-document.ts";

export const zeroAtMs = Date.parse("2026-01-01T00:00:00Z");

/** A desk whose clock stands until it is set, beside one run, with a sink that keeps what it is told. */
export function alertDesk() {
	const told: Notification[] = [];
	const acknowledged: (Acknowledged & { runId: string; by: string })[] = [];
	const time = { ms: 0 };
	const events = new EventLog({ nowMs: () => time.ms, keep: () => {} });
	const run = {
		id: "run-1",
		document: runDocument({ scenario: "echo" }),
		events,
		pendingAlerts: [] as string[],
		get nowMs() {
			return time.ms;
		},
	} satisfies DeskRun;
	const runs = {
		active: null as DeskRun | null,
		acknowledge(runId: string, firing: Acknowledged, by: string) {
			acknowledged.push({ runId, by, ...firing });
		},
	};
	const sink: Sink = {
		kind: "webhook",
		target: "http://hooks",
		async deliver(notification) {
			told.push(notification);
		},
	};
	const clock = { nowMs: () => 0, wait: async () => {} };
	const queue = new SinkQueue(sink, { clock, log: () => {} });
	const received = new ReceivedAlerts({ evaluationMs: 1_000, resolveTimeoutMs: 20_000, rules: {} });
	const desk = new AlertDesk({ runs, received, sinks: [queue], nowMs: () => zeroAtMs + time.ms });
	return { desk, run, runs, time, told, acknowledged, received, sink };
}
