import { fitGrowth, partitionOfKey } from "faultline";
import { ActivityStream } from "./activities.ts";
import { encode } from "./activity.ts";
import { FeatureJob, stateKind } from "./feature-job.ts";

// How state and work grow, measured on the job itself: `node measure-growth.ts`. Bytes are those of the changelog, and
// depend on nothing but the seed; times are the processor's.

const partitions = 4;
/** Messages between two commits: what a replay takes at once. */
const committedCount = 2_000;
const hours = 3;

export interface Measured {
	users: number;
	count: number;
	latenessMs: number;
	stateBytes: number;
	usPerEvent: number;
}

/** So many users' activities of some hours, taken through the job. */
export function measure(users: number, count: number, latenessMs = 600_000): Measured {
	const gapMs = (hours * 3_600_000) / count;
	const partitionOf = (key: string) => partitionOfKey(Buffer.from(key), partitions);
	const activities = new ActivityStream({ seed: 1, users, gapMs }, partitionOf);
	const options = { windowMs: 60_000, delayMs: 30_000, latenessMs, tellsLate: true };
	const jobs = Array.from({ length: partitions }, () => new FeatureJob(options));
	const trace = { sentAtMs: null, phase: "" };
	const messages = Array.from({ length: count }, (_, n) => ({
		value: encode({ ...activities.at(n), n, ...trace }),
		job: jobs[activities.partitionAt(n)]!,
	}));
	let stateBytes = 0;
	const from = process.cpuUsage();
	for (const [n, { job, value }] of messages.entries()) {
		job.process(value);
		if (n % committedCount !== committedCount - 1) continue;
		for (const one of jobs) one.take();
		const kept = jobs.reduce((sum, one) => sum + one.stateBytes[stateKind]!, 0);
		stateBytes = Math.max(stateBytes, kept);
	}
	const { user, system } = process.cpuUsage(from);
	return { users, count, latenessMs, stateBytes, usPerEvent: (user + system) / count };
}

/** The exponent of the state against something else. */
export function exponentOf(
	measured: readonly Measured[],
	size: "users" | "count" | "latenessMs",
): number {
	return fitGrowth(measured.map((one) => ({ size: one[size], value: one.stateBytes })))!.exponent;
}

if (import.meta.main) {
	const byEvents = [100_000, 200_000, 400_000].map((count) => measure(100, count));
	const byUsers = [100, 200, 400].map((users) => measure(users, 2_000 * users));
	const byLateness = [600_000, 1_200_000, 2_400_000].map((ms) => measure(100, 100_000, ms));
	for (const { users, count, latenessMs, stateBytes, usPerEvent } of [
		...byEvents,
		...byUsers,
		...byLateness,
	])
		console.log(
			`${count} activities of ${users} users, corrected for ${latenessMs / 60_000} min: ${stateBytes} bytes, ${usPerEvent.toFixed(1)} µs each`,
		);
	console.log(`state ~ activities^${exponentOf(byEvents, "count").toFixed(2)}`);
	console.log(`state ~ users^${exponentOf(byUsers, "users").toFixed(2)}`);
	console.log(`state ~ lateness^${exponentOf(byLateness, "latenessMs").toFixed(2)}`);
}
