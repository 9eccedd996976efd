import type { CheckEnd, CheckOutcome } from "./protocol.ts";

/** How a check ended, as a record says it. */
export function ended(outcome: CheckEnd): Pick<CheckOutcome, "outcome" | "ok"> {
	switch (outcome) {
		case "held":
			return { outcome, ok: true };
		case "failed":
			return { outcome, ok: false };
		case "threw":
		case "cannot_tell":
			return { outcome, ok: null };
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
