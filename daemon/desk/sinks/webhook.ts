import type { SinkSettings } from "../../alerts/settings.ts";
import { postJson } from "../../outgoing/post-json.ts";
import type { Sink } from "./notification.ts";

/** The change as JSON, to any URL. */
export function webhookSink({ url, headers }: Extract<SinkSettings, { kind: "webhook" }>): Sink {
	return {
		kind: "webhook",
		target: new URL(url).origin,
		deliver: (notification, signal) =>
			postJson(url, headers, { schema: 1, ...notification }, signal),
	};
}
