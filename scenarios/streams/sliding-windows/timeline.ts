import { atStep, type FaultSpec, fault } from "faultline";
import { consumerNames, groupName } from "./names.ts";
import type { P } from "./params.ts";
import { beforeCommit } from "./record.ts";

/** Between two faults, so that each is seen by itself. */
const gapMs = 2_000;

/** Each kind of fault with how long it lasts; one after another where all are wanted. */
export function faultsOf(p: P): FaultSpec[] {
	const [first, last] = [consumerNames(p)[0]!, consumerNames(p).at(-1)!];
	// Longer than its session: its partitions are somebody else's by the time that it goes on.
	const frozenMs = p.sessionTimeoutMs + 1_500;
	const kinds = {
		kill: [p.faultMs, (at: Span) => inTransaction(fault("kill", first, {}, at))],
		freeze: [frozenMs, (at: Span) => inTransaction(fault("freeze", last, {}, at))],
		evict: [1_000, (at: Span) => fault("group-evicted", "log", { group: groupName(p) }, at)],
		"slow-link": [p.faultMs, (at: Span) => fault("latency", "log", { latencyMs: p.linkMs }, at)],
		"broker-restart": [p.faultMs, (at: Span) => fault("kill", "kafka", {}, at)],
	} as const;
	switch (p.fault) {
		case "none":
			return [];
		case "all": {
			let fromMs = 0;
			return Object.values(kinds).map(([forMs, of]) => {
				const at = { fromMs, toMs: fromMs + forMs };
				fromMs = at.toMs + gapMs;
				return of(at);
			});
		}
		case "kill":
		case "freeze":
		case "evict":
		case "slow-link":
		case "broker-restart": {
			const [forMs, of] = kinds[p.fault];
			return [of({ fromMs: 0, toMs: forMs })];
		}
		default:
			return p.fault satisfies never;
	}
}

/** It strikes whoever has sent a transaction and not committed it. */
function inTransaction(spec: FaultSpec): FaultSpec {
	return atStep(spec, { subject: spec.on, step: beforeCommit });
}

type Span = { fromMs: number; toMs: number };
