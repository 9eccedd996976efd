import { FaultlineError } from "../../base/errors.ts";
import type { RunStore } from "../record/store.ts";

const lookedAt = 10_000;
const namedMax = 5;

/**
 * The id of the run that is meant: `last`, a whole id, or its begin or end where no other run has that; throws
 * `FLT_NOT_FOUND` where there is none, and `FLT_USAGE` with those that it may be.
 */
export function runIdOf(store: Pick<RunStore, "has" | "list">, meant: string): string {
	if (store.has(meant)) return meant;
	const ids = store.list(lookedAt, null).map(({ runId }) => runId);
	const fitting = ids.filter((id) => id.startsWith(meant) || id.endsWith(meant));
	const [found] = meant === "last" ? ids : fitting;
	if (found === undefined)
		throw new FaultlineError(
			"FLT_NOT_FOUND",
			ids.length === 0 ? "nothing has run in this home" : `no run "${meant}"`,
			"faultline list shows the runs; last is the newest, and the begin or the end of an id is enough",
		);
	if (meant === "last" || fitting.length === 1) return found;
	const more = fitting.length > namedMax ? ` and ${fitting.length - namedMax} more` : "";
	throw new FaultlineError(
		"FLT_USAGE",
		`"${meant}" may be ${fitting.slice(0, namedMax).join(", ")}${more}`,
		"give more of the id",
	);
}
