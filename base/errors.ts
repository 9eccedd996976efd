import { exitCodes } from "./exit-codes.ts";
import { redactUrl } from "./redact.ts";

/** How each error leaves the program: HTTP status and exit code. The list is closed. */
const kinds = {
	FLT_USAGE: { status: 400, exit: exitCodes.usage },
	FLT_PARAM_INVALID: { status: 400, exit: exitCodes.usage },
	FLT_PLAN_INVALID: { status: 400, exit: exitCodes.usage },
	FLT_NO_PATH: { status: 400, exit: exitCodes.usage },
	FLT_SCENARIO_UNKNOWN: { status: 404, exit: exitCodes.usage },
	FLT_SCENARIO_BROKEN: { status: 422, exit: exitCodes.usage },
	FLT_SUITE_UNKNOWN: { status: 404, exit: exitCodes.usage },
	FLT_SUITE_BROKEN: { status: 422, exit: exitCodes.usage },
	FLT_KIND_UNKNOWN: { status: 400, exit: exitCodes.usage },
	FLT_NOT_FOUND: { status: 404, exit: exitCodes.usage },
	FLT_FORBIDDEN: { status: 403, exit: exitCodes.usage },
	FLT_UNAUTHORIZED: { status: 401, exit: exitCodes.usage },
	FLT_METHOD: { status: 405, exit: exitCodes.usage },
	FLT_TOO_SLOW: { status: 408, exit: exitCodes.usage },
	FLT_CONFLICT: { status: 409, exit: exitCodes.usage },
	FLT_TOO_LARGE: { status: 413, exit: exitCodes.usage },
	FLT_MEDIA_TYPE: { status: 415, exit: exitCodes.usage },
	FLT_BUSY: { status: 429, exit: exitCodes.usage },
	FLT_PORT_TAKEN: { status: 500, exit: exitCodes.usage },
	FLT_HOME_LOCKED: { status: 500, exit: exitCodes.usage },
	FLT_UNWRITABLE: { status: 507, exit: exitCodes.crashed },
	FLT_NO_DAEMON: { status: 500, exit: exitCodes.usage },
	FLT_COMPONENT_MISSING: { status: 503, exit: exitCodes.missing },
	FLT_COMPONENT_LOST: { status: 503, exit: exitCodes.invalid },
	FLT_HEAL_FAILED: { status: 500, exit: exitCodes.unhealed },
	FLT_HOOK_LIMIT: { status: 500, exit: exitCodes.failed },
	FLT_HOST_LATE: { status: 500, exit: exitCodes.invalid },
	FLT_HOST_DIED: { status: 500, exit: exitCodes.failed },
	FLT_INTERNAL: { status: 500, exit: exitCodes.crashed },
} as const;

export type ErrorCode = keyof typeof kinds;

/** An error a person can act on: what was tried and seen in `message`, what to do in `hint`. */
export class FaultlineError extends Error {
	readonly code: ErrorCode;
	readonly hint: string;

	constructor(code: ErrorCode, message: string, hint: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.name = "FaultlineError";
		this.code = code;
		this.hint = hint;
	}

	get status(): number {
		return kinds[this.code].status;
	}

	get exitCode(): number {
		return kinds[this.code].exit;
	}
}

/**
 * The message of anything thrown, without the secrets of the URLs in it: it goes to logs and records. An AggregateError (as
 * a refused dual-stack connect gives) is spelled out.
 */
export function messageOf(error: unknown): string {
	if (error instanceof AggregateError && error.message === "")
		return error.errors.map(messageOf).join("; ");
	const message = error instanceof Error ? error.message : String(error);
	return message.includes("://") ? redactUrl(message) : message;
}

/** The `code` of a Node, Postgres or Faultline error, or null where there is none. */
export function codeOf(error: unknown): string | null {
	if (typeof error !== "object" || error === null || !("code" in error)) return null;
	return typeof error.code === "string" ? error.code : null;
}
