import type { SinkSettings } from "../../alerts/settings.ts";
import { alertmanagerSink } from "./alertmanager.ts";
import { logSink } from "./log.ts";
import type { Sink } from "./notification.ts";
import { webhookSink } from "./webhook.ts";

export function openSink(settings: SinkSettings, log: (line: string) => void): Sink {
	switch (settings.kind) {
		case "log":
			return logSink(log);
		case "webhook":
			return webhookSink(settings);
		case "alertmanager":
			return alertmanagerSink(settings);
		default:
			return settings satisfies never;
	}
}
