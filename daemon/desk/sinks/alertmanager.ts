import type { SinkSettings } from "../../alerts/settings.ts";
import { postJson } from "../../outgoing/post-json.ts";
import type { ServiceState } from "../../stack/service.ts";
import type { Notification, Sink } from "./notification.ts";

/** No run lasts longer by plan; a daemon that died can't end its alerts, and they should not last for ever. */
const longestMs = 3_600_000;

/** Alertmanager's v2 API; the run is a label, so that the alerts of two runs are two. */
export function alertmanagerSink({
	url,
	headers,
}: Extract<SinkSettings, { kind: "alertmanager" }>): Sink {
	const base = url.replace(/\/+$/, "");
	return {
		kind: "alertmanager",
		target: new URL(url).origin,
		deliver: (notification, signal) =>
			postJson(`${base}/api/v2/alerts`, headers, [alertOf(notification)], signal),
	};
}

/** The Alertmanager of the stack, told without being asked for twice for as long as it is up. */
export function ownAlertmanager(now: () => ServiceState): Sink {
	const url = () => {
		const state = now();
		return state.state === "up" && state.endpoint.kind === "http" ? state.endpoint.url : null;
	};
	return {
		kind: "alertmanager",
		get target() {
			return url() ?? "";
		},
		isThere: () => url() !== null,
		async deliver(notification, signal) {
			const at = url();
			if (at === null) return; // it has gone meanwhile, and what it knew with it
			await alertmanagerSink({ kind: "alertmanager", url: at, headers: {} }).deliver(
				notification,
				signal,
			);
		},
	};
}

export function alertOf(notification: Notification) {
	const { rule, runId, scenario, startedAt, endedAt } = notification;
	return {
		labels: {
			alertname: rule,
			source: "faultline",
			scenario,
			run: runId,
			...(notification.case !== null && { case: notification.case }),
		},
		annotations: { summary: `alert ${rule} of scenario ${scenario}, run ${runId}` },
		startsAt: startedAt,
		endsAt: endedAt ?? new Date(Date.parse(startedAt) + longestMs).toISOString(),
	};
}
