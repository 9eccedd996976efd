import type { Sink } from "./notification.ts";

/** Into the daemon's log. */
export function logSink(log: (line: string) => void): Sink {
	return {
		kind: "log",
		target: "the daemon's log",
		async deliver({ rule, change, runId }) {
			log(`alert ${rule} ${change} in run ${runId}`);
		},
	};
}
