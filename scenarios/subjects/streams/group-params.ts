import { count, ms, oneOf } from "faultline";
import { groupFaults } from "./group-faults.ts";

/** Parameters of a consumer group that keeps its state in a changelog, of what it reads, and of what is broken of it. */
export const groupParams = {
	lingerMs: ms(5, 0, 1_000, "how long the producer gathers messages before it sends them"),
	fault: oneOf(groupFaults, "all", "what is broken"),
	partitions: count(4, 2, 64, "partitions of every topic"),
	consumers: count(
		2,
		1,
		8,
		"members of the consumer group, each a process; of flink, threads of one",
	),
	sessionTimeoutMs: ms(2_000, 1_000, 60_000, "after which a silent member counts as dead"),
	gatherMs: ms(50, 1, 5_000, "how long a broker gathers messages for a fetch"),
	faultMs: ms(2_000, 200, 60_000, "how long a kill lasts, and the slow link"),
	linkMs: ms(20, 1, 1_000, "delay that the slow link adds"),
	p95MsMax: ms(
		250,
		0,
		60_000,
		"from the last event that a result needed to its commit, p95; 0: any",
	),
};

/** The members of the group, a process each. */
export function memberNames({ consumers }: { consumers: number }): string[] {
	return Array.from({ length: consumers }, (_, i) => `consumer-${i + 1}`);
}

/** What a member has to know of its group. */
export interface Member {
	sessionTimeoutMs: number;
	gatherMs: number;
	guard: "on" | "off";
}

/** That, as variables. */
export function memberEnv(p: Member): Record<string, string | number> {
	return {
		GUARD: p.guard,
		SESSION_TIMEOUT_MS: p.sessionTimeoutMs,
		GATHER_MS: p.gatherMs,
	};
}
