import type { SinkSettings } from "../../alerts/settings.ts";

/** A change of an alert, as it is told outside. Times in RFC 3339. */
export interface Notification {
	id: string;
	rule: string;
	/** `ended`: the run is over and the rule still fired; nobody watches it any more. */
	change: "fired" | "resolved" | "ended";
	runId: string;
	scenario: string;
	case: string | null;
	startedAt: string;
	/** Null while it fires. */
	endedAt: string | null;
}

/** A place where changes are told. */
export interface Sink {
	kind: SinkSettings["kind"];
	/** Where, without what could be a secret: a webhook's path often is one. */
	target: string;
	/** Whether it is there now, of one that comes and goes; what happens meanwhile it is not told. */
	isThere?(): boolean;
	/** Throws where it did not arrive; `signal` ends the try. */
	deliver(notification: Notification, signal: AbortSignal): Promise<void>;
}
