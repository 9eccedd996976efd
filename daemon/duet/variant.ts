import { rmSync } from "node:fs";
import { join } from "node:path";
import { standingServices } from "../../base/services.ts";
import type { CaseResult } from "../record/case-result.ts";
import type { Side } from "../record/duet.ts";
import type { RunWork } from "../runs/run-work.ts";
import type { Variant } from "../runs/variant.ts";
import { cleanUpCase } from "../stage/clean-up.ts";
import type { RunStack } from "../stage/stage.ts";

/** The stack with other servers where a variant names them. */
export function withUrls(stack: RunStack, urls: Variant["urls"]): RunStack {
	const endpoint: RunStack["endpoint"] = (service) => {
		const id = standingServices.find((known) => known === service);
		const url = id && urls[id];
		if (id === undefined || url === undefined) return stack.endpoint(service);
		return id === "kafka"
			? { kind: id, brokers: url.replace(/^kafka:\/\//, "").split(",") }
			: { kind: id, url };
	};
	return Object.create(stack, { endpoint: { value: endpoint } }) as RunStack;
}

/** Removes what a side made, on the stack and on the servers that it has instead; the next session begins anew. */
export async function removeAll(
	{ stack, document, description }: RunWork,
	side: Side,
	{ urls }: Variant,
): Promise<void> {
	await cleanUpCase(withUrls(stack, urls), document.runId, description.needs);
	// Judged by now, and too many to keep.
	rmSync(join(stack.home.runs, document.runId, "journal", side), { recursive: true, force: true });
}

/** Correctness checks that did not hold. */
export function failedChecks({ checks }: CaseResult): string[] {
	return checks
		.filter(({ kind, outcome }) => kind === "correctness" && outcome !== "held")
		.map(({ id }) => id);
}

/** Why the timings of a side are not the scenario's; null where they are. */
export function disturbance({ late }: Pick<CaseResult, "late">): string | null {
	return late[0] ?? null;
}
