import { codeOf, FaultlineError, messageOf } from "../../base/errors.ts";

/** A service's program on this machine. */
export interface Component {
	version: string;
	/** Where it came from, in words. */
	source: string;
	/** The program itself, or the folder that holds its parts. */
	path: string;
}

export type Survey =
	| { state: "found" | "fetchable"; version: string; source: string }
	| { state: "missing"; tried: string; fix: string };

export type Say = (line: string) => void;

/** The error for a component that can't be had: what was tried, and how to get it. */
export function missing(tried: string, fix: string, cause?: unknown): FaultlineError {
	if (codeOf(cause) === "FLT_COMPONENT_MISSING") return cause as FaultlineError;
	const reason = cause === undefined ? "" : `: ${messageOf(cause)}`;
	return new FaultlineError("FLT_COMPONENT_MISSING", tried + reason, fix, cause);
}
