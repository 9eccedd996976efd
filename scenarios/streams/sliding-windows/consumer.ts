import { appendFileSync } from "node:fs";
import {
	LatencyCounts,
	monotonicMs,
	numberVariable,
	serve,
	subjectSteps,
	variable,
} from "faultline/subject";
import type { Committed } from "../../subjects/streams/partition-session.ts";
import { StreamMember } from "../../subjects/streams/stream-member.ts";
import { decode, decodeNaively } from "./purchase.ts";
import { beforeCommit, type Line, recordFile } from "./record.ts";
import { type Closer, WindowJob } from "./window-job.ts";

// A member of the consumer group that counts purchases in sliding windows. GET / says what it has, POST /stop ends it.

const prefix = variable("FLT_TOPIC_PREFIX", "");
const input = prefix + variable("INPUT", "purchases");
const jobOptions = {
	delayMsMax: numberVariable("DELAY_MS_MAX", 120_000),
	horizonMs: numberVariable("HORIZON_MS", 7_200_000),
	skewMs: numberVariable("SKEW_MS", 20_000),
	read: variable("GUARD", "on") === "off" ? decodeNaively : decode,
};
/** So much of its latencies a consumer that is killed takes with it. */
const tellEveryMs = 250;

const steps = subjectSteps();
const jobs = new Map<number, WindowJob>();
const latencies = new Map<string, LatencyCounts>();
let toldAtMs = monotonicMs();

function note(line: Line): void {
	appendFileSync(recordFile, `${JSON.stringify(line)}\n`);
}

function committed({ partition, from, to, results }: Committed<Closer>): void {
	const atMs = monotonicMs();
	const { windows: windowBytes, ids: idsBytes } = jobs.get(partition)!.stateBytes;
	const resultCount = results.length;
	note({ kind: "commit", atMs, partition, from, to, resultCount, windowBytes, idsBytes });
	for (const { cause } of results) {
		if (cause === null || cause.sentAtMs === null) continue;
		let counts = latencies.get(cause.phase);
		if (counts === undefined) {
			counts = new LatencyCounts();
			latencies.set(cause.phase, counts);
		}
		counts.recordMs(atMs - cause.sentAtMs);
	}
	if (atMs - toldAtMs >= tellEveryMs) tellLatencies();
}

function tellLatencies(): void {
	toldAtMs = monotonicMs();
	const byPhase = Object.fromEntries(
		[...latencies].map(([phase, counts]) => [phase, counts.entries]),
	);
	note({ kind: "latency", atMs: toldAtMs, pid: process.pid, byPhase });
}

const member = await StreamMember.join<Closer>({
	brokers: variable("FLT_PATH_LOG", "127.0.0.1:9092").split(","),
	name: variable("NAME", "consumer-1"),
	group: `${input}-windows`,
	input,
	changelog: `${input}-changelog`,
	topicOf: (name) => `${input}-${name}`,
	sessionTimeoutMs: numberVariable("SESSION_TIMEOUT_MS", 10_000),
	gatherMs: numberVariable("GATHER_MS", 50),
	quietLookMs: numberVariable("QUIET_LOOK_MS", 200),
	beforeCommit: () => steps.reach(beforeCommit),
	jobOf(partition) {
		const job = new WindowJob(jobOptions);
		jobs.set(partition, job);
		return job;
	},
	onSession({ partition, position, restoredCount, restoreMs }) {
		const atMs = monotonicMs();
		note({ kind: "session", atMs, partition, position, restoredCount, restoreMs });
	},
	onCommitted: committed,
	onFailed: (partition, error) =>
		note({ kind: "failure", atMs: monotonicMs(), partition, why: String(error) }),
	onCrash(error) {
		console.error(error);
		process.exit(1);
	},
});

async function stop(): Promise<void> {
	await member.stop();
	tellLatencies();
}
process.once("SIGTERM", () => void stop().finally(() => process.exit()));

await serve({
	"POST /stop": async () => {
		await stop();
		return null;
	},
	"*": () => ({ positions: member.positions }),
});
