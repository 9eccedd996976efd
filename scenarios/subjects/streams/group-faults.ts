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

/** What explore may do to whoever does the work, and to their log. */
export function exploreFaults(workers: readonly string[], backMs = 0): Grammar {
	return {
		kinds: {
			kill: { on: workers },
			freeze: { on: workers },
			latency: { on: ["log"], params: { latencyMs: [1, 40] } },
		},
		faultsMax: 4,
		// So long that one who was killed may be struck again when it is back.
		horizonMs: 4_000 + backMs,
	};
}

/** What is broken, and for how long. */
export interface StreamFaults {
	fault: (typeof groupFaults)[number];
	sessionTimeoutMs: number;
	faultMs: number;
	linkMs: number;
}

interface GroupFaults extends StreamFaults {
	/** Without the run's prefix. */
	group: string;
	members: readonly string[];
}

type Span = { fromMs: number; toMs: number };
type Strike = readonly [forMs: number, of: (at: Span) => FaultSpec];
type Strikes = { [K in Exclude<StreamFaults["fault"], "none" | "all">]?: Strike };

/** Longer than a session: partitions of a member are somebody else's by the time that it goes on. */
const frozenMs = (p: StreamFaults) => p.sessionTimeoutMs + 1_500;

/** Of a consumer group. */
export function faultsOfGroup(p: GroupFaults): FaultSpec[] {
	const [first, last] = [p.members[0]!, p.members.at(-1)!];
	const strikes: Strikes = {
		kill: [p.faultMs, (at) => inTransaction(fault("kill", first, {}, at))],
		freeze: [frozenMs(p), (at) => inTransaction(fault("freeze", last, {}, at))],
		evict: [1_000, (at) => fault("group-evicted", "log", { group: p.group }, at)],
		...faultsOfLog(p),
	};
	return chosen(p.fault, strikes, 2_000);
}

/** How long a kill lasts at least of a process that is not gone at once, as a JVM with its memory. */
export const goneMsMin = 2_000;

/** How a process is struck that does all of the work. */
export interface ProcessFaults {
	/** The step of its work at which a kill strikes; without it, by the clock. */
	killStep?: { step: string; withinMs: number };
	/** As long as it takes to be there again; as a JVM does, where it is not told. */
	backMs?: number;
	/** For so long it is left alone after the steady state, so that the results of that one are there before it is struck. */
	aloneMs?: number;
}

const processBackMs = 8_000;

/** What explore may do to a process that does all of the work. */
export function exploreProcess(
	subject: string,
	{ backMs = processBackMs }: ProcessFaults,
): Grammar {
	return exploreFaults([subject], backMs);
}

/** Of a process that does all of the work. */
export function faultsOfProcess(
	p: StreamFaults,
	subject: string,
	{ killStep, backMs = processBackMs, aloneMs = 0 }: ProcessFaults = {},
): FaultSpec[] {
	const strikes: Strikes = {
		kill: [
			Math.max(p.faultMs, goneMsMin),
			(at) => {
				const kill = fault("kill", subject, {}, at);
				return killStep === undefined ? kill : atStep(kill, { subject, ...killStep });
			},
		],
		freeze: [frozenMs(p), (at) => fault("freeze", subject, {}, at)],
		...faultsOfLog(p),
	};
	return chosen(p.fault, strikes, backMs, aloneMs);
}

function faultsOfLog(p: StreamFaults): Strikes {
	return {
		"slow-link": [p.faultMs, (at) => fault("latency", "log", { latencyMs: p.linkMs }, at)],
		"broker-restart": [p.faultMs, (at) => fault("kill", "kafka", {}, at)],
	};
}

/** One of them, or all one after another, with so much between two that each is seen by itself; the first at `firstMs`. */
function chosen(
	wanted: StreamFaults["fault"],
	strikes: Strikes,
	gapMs: number,
	firstMs = 0,
): FaultSpec[] {
	if (wanted === "none") return [];
	const all = wanted === "all" ? Object.values(strikes) : [strikes[wanted]];
	let fromMs = firstMs;
	return all.map((strike) => {
		if (strike === undefined)
			throw new Error(
				`fault=${wanted} is nothing that this engine can suffer; there are ${Object.keys(strikes).join(", ")}`,
			);
		const [forMs, of] = strike;
		const at = { fromMs, toMs: fromMs + forMs };
		fromMs = at.toMs + gapMs;
		return of(at);
	});
}

/** It strikes whoever has sent a transaction and not committed it. */
function inTransaction(spec: FaultSpec): FaultSpec {
	return atStep(spec, { subject: spec.on, step: beforeCommit });
}
