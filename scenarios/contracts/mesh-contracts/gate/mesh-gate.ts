import { Gate } from "../../../subjects/gate/gate.ts";
import type { Judge } from "../../../subjects/gate/service.ts";
import type { Mains } from "./mains.ts";
import { type Means, MeshContent } from "./mesh-content.ts";

/** The gate of a mesh: what it lets pass in one repository counts for the next question about another. */
export function meshGate(means: Means & { mains: Mains }): Judge {
	const gate = new Gate(new MeshContent(means));
	return {
		async judge(repository, updates) {
			const verdict = await gate.judge(repository, updates);
			if (verdict.kind === "passed") means.mains.letPass(repository.name, updates);
			return verdict;
		},
	};
}
