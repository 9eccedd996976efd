/** What clients and service say to each other beside the event: headers, because those are read before the body. */
export const headers = {
	client: "client-id",
	/** Place in `priorities`. */
	priority: "event-priority",
	/** How long the client still waits, from when it sent the request. */
	deadlineMs: "request-deadline-ms",
	/** `Retry-After` knows only whole seconds; who knows this one waits no longer than it must. */
	retryAfterMs: "retry-after-ms",
} as const;
