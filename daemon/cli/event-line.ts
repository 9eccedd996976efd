import { faultName } from "../../chaos/fault.ts";
import { wordOf } from "../host/check-end.ts";
import type { RunEvent } from "../record/events.ts";

/** An event as a line of progress; null for those that are too many to print. */
export function eventLine(event: RunEvent): string | null {
	const at = `${(event.ms / 1_000).toFixed(2).padStart(8)} s  `;
	switch (event.type) {
		case "state":
			return `${at}${event.state}${event.case === null ? "" : ` (${event.case})`}`;
		case "fault": {
			const { state, seen } = event.fault;
			return `${at}fault ${faultName(event.fault)}: ${state}${seen.length > 0 ? ` (${seen.at(-1)})` : ""}`;
		}
		case "alert":
			return `${at}alert ${event.rule} ${event.change}${event.change === "acknowledged" ? ` by ${event.by}` : ""}`;
		case "check":
			return `${at}check ${event.check.id}: ${wordOf(event.check.outcome)}, ${event.check.message}`;
		case "log":
			return `${at}${event.message}`;
		case "end":
			return [
				`${at}verdict ${event.verdict ?? "–"}`,
				...event.reasons.map(({ code, message }) => `${" ".repeat(12)}${code}: ${message}`),
			].join("\n");
		case "phase":
		case "interval":
		case "gauge":
			return null;
		default:
			return event satisfies never;
	}
}
