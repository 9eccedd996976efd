import type { CheckEnd, CheckOutcome } from "./protocol.ts";

/** How a check ended, as a record says it; one that is open is so by what was seen, unless something else opened it. */
export function ended(
	outcome: CheckEnd,
	openBy: NonNullable<CheckOutcome["openBy"]> = "data",
): Pick<CheckOutcome, "outcome" | "ok" | "openBy"> {
	switch (outcome) {
		case "held":
			return { outcome, ok: true, openBy: null };
		case "failed":
			return { outcome, ok: false, openBy: null };
		case "threw":
			return { outcome, ok: null, openBy: null };
		case "cannot_tell":
			return { outcome, ok: null, openBy };
		default:
			return outcome satisfies never;
	}
}

/** The word for it in tables. */
export function wordOf(outcome: CheckEnd): string {
	switch (outcome) {
		case "held":
			return "ok";
		case "failed":
			return "FAILED";
		case "threw":
			return "threw";
		case "cannot_tell":
			return "can't tell";
		default:
			return outcome satisfies never;
	}
}
