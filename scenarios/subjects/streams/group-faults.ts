import { atStep, type FaultSpec, fault, type Grammar } from "faultline";
import { beforeCommit } from "./work-record.ts";

export const groupFaults = [
	"none",
	"kill",
	"freeze",
	"evict",
	"slow-link",
	"broker-restart",
	"all",
] as const;

/** What explore may do to a group of two and its log. */
export const groupExplore: Grammar<"consumer-1" | "consumer-2" | "log"> = {
	kinds: {
		kill: { on: ["consumer-1", "consumer-2"] },
		freeze: { on: ["consumer-1", "consumer-2"] },
		latency: { on: ["log"], params: { latencyMs: [1, 40] } },
	},
	faultsMax: 4,
	horizonMs: 4_000,
};

/** What is broken of a consumer group, and for how long. */
export interface GroupFaults {
	fault: (typeof groupFaults)[number];
	sessionTimeoutMs: number;
	faultMs: number;
	linkMs: number;
	/** Without the run's prefix. */
	group: string;
	members: readonly string[];
}

/** Between two faults, so that each is seen by itself. */
const gapMs = 2_000;

/** Each kind of fault with how long it lasts; one after another where all are wanted. */
export function faultsOfGroup(p: GroupFaults): FaultSpec[] {
	const [first, last] = [p.members[0]!, p.members.at(-1)!];
	// Longer than its session: its partitions are somebody else's by the time that it goes on.
	const frozenMs = p.sessionTimeoutMs + 1_500;
	const kinds = {
		kill: [p.faultMs, (at: Span) => inTransaction(fault("kill", first, {}, at))],
		freeze: [frozenMs, (at: Span) => inTransaction(fault("freeze", last, {}, at))],
		evict: [1_000, (at: Span) => fault("group-evicted", "log", { group: p.group }, at)],
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
