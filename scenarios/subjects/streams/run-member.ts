import { appendFileSync } from "node:fs";
import {
	LatencyCounts,
	monotonicMs,
	numberVariable,
	serve,
	subjectSteps,
	variable,
} from "faultline/subject";
import type { PartitionJob } from "./partition-job.ts";
import type { Committed } from "./partition-session.ts";
import { StreamMember } from "./stream-member.ts";
import { beforeCommit, type Line, recordFile } from "./work-record.ts";

/** What a result of such a job was brought about by: when that was to be sent, null of what was there before, and in which phase. */
export interface Sent {
	sentAtMs: number | null;
	phase: string;
}

/** A job that can say what it keeps, by kind, in bytes of its changelog. */
export interface MeasuredJob extends PartitionJob<Sent> {
	readonly stateBytes: Record<string, number>;
}

/** What a member works on and with; names of topics are whole. */
export interface MemberJob {
	input: string;
	/** What its group is called, after the input. */
	group: string;
	/** How often a quiet partition looks what time it is elsewhere; null where that says nothing to its job. */
	quietLookMs: number | null;
	jobOf(): MeasuredJob;
}

/** So much of its latencies a member that is killed takes with it. */
const tellEveryMs = 250;

/**
 * Runs this process as a member of a consumer group with a job for each of its partitions, and writes down what it does.
 * `GET /` says where it is, `POST /stop` and a SIGTERM let it leave. Brokers are those of `FLT_PATH_LOG`, its name `NAME`.
 */
export async function runMember({ input, group, quietLookMs, jobOf }: MemberJob): Promise<void> {
	const steps = subjectSteps();
	const jobs = new Map<number, MeasuredJob>();
	const latencies = new Map<string, LatencyCounts>();
	let toldAtMs = monotonicMs();

	const note = (line: Line) => appendFileSync(recordFile, `${JSON.stringify(line)}\n`);
	const tellLatencies = () => {
		toldAtMs = monotonicMs();
		const byPhase = Object.fromEntries(
			[...latencies].map(([phase, counts]) => [phase, counts.entries]),
		);
		note({ kind: "latency", atMs: toldAtMs, pid: process.pid, byPhase });
		const { user, system } = process.cpuUsage();
		note({ kind: "cpu", atMs: toldAtMs, pid: process.pid, cpuMs: (user + system) / 1_000 });
	};
	const committed = ({ partition, from, to, results }: Committed<Sent>) => {
		const atMs = monotonicMs();
		const bytes = jobs.get(partition)!.stateBytes;
		note({ kind: "commit", atMs, partition, from, to, resultCount: results.length, bytes });
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
	};

	const member = await StreamMember.join<Sent>({
		brokers: variable("FLT_PATH_LOG", "127.0.0.1:9092").split(","),
		name: variable("NAME", "consumer-1"),
		group: `${input}-${group}`,
		input,
		changelog: `${input}-changelog`,
		topicOf: (name) => `${input}-${name}`,
		sessionTimeoutMs: numberVariable("SESSION_TIMEOUT_MS", 10_000),
		gatherMs: numberVariable("GATHER_MS", 50),
		quietLookMs,
		beforeCommit: () => steps.reach(beforeCommit),
		jobOf(partition) {
			const job = jobOf();
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

	const stop = async () => {
		await member.stop();
		tellLatencies();
	};
	process.once("SIGTERM", () => void stop().finally(() => process.exit()));
	await serve({
		"POST /stop": async () => {
			await stop();
			return null;
		},
		"*": () => ({ positions: member.positions }),
	});
}
