import { appendFileSync } from "node:fs";
import { setPriority } from "node:os";
import { monotonicMs } from "../../base/clock.ts";
import { subjectPace } from "../../chaos/subject/pace.ts";
import { Counts } from "./latency.ts";
import { GroupMember } from "./member.ts";
import { decode, type Message, phases } from "./message.ts";
import { PartitionWork } from "./partition-work.ts";
import { type Line, recordFile } from "./record.ts";

// A member of the consumer group, in a process of its own. Works on each of its partitions one message after another,
// COST_US each, and every COMMIT_MS writes down what it has done and commits it. `POST /stop` ends its work.

const {
	FLT_PATH_LOG = "127.0.0.1:9092",
	FLT_PORT = "0",
	FLT_TOPIC_PREFIX = "",
	TOPIC = "messages",
	NAME = "consumer-1",
	/** Of the group; ready is who has its part of the partitions and no more. */
	MEMBERS = "1",
	PARTITIONS = "1",
	COST_US = "0",
	COMMIT_MS = "100",
	SESSION_TIMEOUT_MS = "1000",
	/** How many keys there are, where their order is to be looked at. */
	ORDERED_KEYS,
} = process.env;

// The work takes time and no processor. Where both cores are wanted, the load that is to be on time comes first.
setPriority(5);

const costMs = Number(COST_US) / 1_000;
const commitMs = Number(COMMIT_MS);
const pace = subjectPace();

/** Longer than this a process does not take over one turn: it was stopped. */
const stoodStillMs = 100;
/** So much of its latencies a consumer that is killed takes with it. */
const tellEveryMs = 500;
/** Work that is fetched ahead of its time, at most. */
const aheadMs = 200;
const aheadCount = costMs > 0 ? aheadMs / costMs : Number.POSITIVE_INFINITY;

let session = 0;
const works = new Map<number, PartitionWork>();
let regressionCount = 0;
const latencies = new Map<number, Counts>();
let toldAtMs = monotonicMs();
let stopped = false;
let advancedAtMs = monotonicMs();
let timer: NodeJS.Timeout | null = null;

const member = await GroupMember.join({
	brokers: FLT_PATH_LOG.split(","),
	topic: FLT_TOPIC_PREFIX + TOPIC,
	group: `${FLT_TOPIC_PREFIX}${TOPIC}-consumers`,
	name: NAME,
	sessionTimeoutMs: Number(SESSION_TIMEOUT_MS),
	heartbeatMs: 50,
	partitionsMax: Math.ceil(Number(PARTITIONS) / Number(MEMBERS)),
	onAssigned() {
		session++;
		works.clear();
	},
	onMessages(partition, messages) {
		if (stopped) return;
		let work = works.get(partition);
		if (work === undefined) {
			work = new PartitionWork({
				...{ partition, session, from: messages[0]!.offset },
				keys: ORDERED_KEYS === undefined ? null : Number(ORDERED_KEYS),
				onProcessed,
				onRegression: () => regressionCount++,
			});
			works.set(partition, work);
		}
		const arrivals = messages.map(({ offset, value }) => ({ offset, message: decode(value) }));
		work.take(arrivals, monotonicMs());
		if (timer === null) advancedAtMs = monotonicMs(); // it had nothing to do
		advance();
	},
});

function onProcessed({ intendedAtMs, phase }: Message, endMs: number): void {
	let latency = latencies.get(phase);
	if (latency === undefined) {
		latency = new Counts();
		latencies.set(phase, latency);
	}
	latency.record((endMs - intendedAtMs) * 1_000);
}

/** Works off what is due, and comes back when the next is. */
function advance(): void {
	if (timer !== null) clearTimeout(timer);
	timer = null;
	if (stopped) return;
	const nowMs = monotonicMs();
	if (nowMs - advancedAtMs > stoodStillMs)
		for (const work of works.values())
			if (work.waitingCount > 0) work.stoodStill(advancedAtMs, nowMs);
	advancedAtMs = nowMs;
	let nextMs = Number.POSITIVE_INFINITY;
	for (const work of works.values()) {
		const partCostMs = costMs + pace.extraUs(String(work.partition)) / 1_000;
		nextMs = Math.min(nextMs, work.advance(nowMs, partCostMs) ?? nextMs);
		member.setFetching(work.partition, work.waitingCount <= aheadCount);
	}
	if (nextMs === Number.POSITIVE_INFINITY) return;
	// Often enough that waiting alone is no standing still.
	timer = setTimeout(advance, Math.min(stoodStillMs / 2, Math.max(1, nextMs - nowMs)));
}

/** They are not in every line, which would be longer by them; those of before are not lost. */
function takeLatencies(): Line["latency"] {
	const nowMs = monotonicMs();
	if (!stopped && nowMs - toldAtMs < tellEveryMs) return {};
	toldAtMs = nowMs;
	return Object.fromEntries(
		[...latencies].map(([phase, counts]) => [phases[phase], counts.entries]),
	);
}

let committing: Promise<void> = Promise.resolve();
let waiting = false;

/** One after another: what the broker has is always what the last line says, or what it says was committed before. */
function commit(): Promise<void> {
	if (!waiting) {
		waiting = true;
		committing = committing.then(() => {
			waiting = false;
			return commitNow();
		});
	}
	return committing;
}

async function commitNow(): Promise<void> {
	const owned = [...works.values()];
	const parts = owned.flatMap((work) => work.takeLine() ?? []);
	const open = owned.filter((work) => work.recorded > work.committed);
	if (open.length === 0 && !stopped) return;
	const line: Line = {
		...{ atMs: monotonicMs(), pid: process.pid, parts, regressionCount },
		latency: takeLatencies(),
	};
	appendFileSync(recordFile, `${JSON.stringify(line)}\n`);
	const offsets = open.map(({ partition, recorded }) => ({ partition, offset: recorded }));
	if (offsets.length === 0 || !(await member.commit(offsets))) return;
	for (const [i, work] of open.entries()) work.committed = offsets[i]!.offset;
}

/** Ends the work, commits what was done and leaves the group. */
async function stop(): Promise<void> {
	if (stopped) return committing;
	stopped = true;
	if (timer !== null) clearTimeout(timer);
	clearInterval(commits);
	await commit();
	committing = member.close();
	await committing;
}

// An import of it would load undici as well, which is a fifth of what a consumer takes to start.
const http = process.getBuiltinModule("node:http");
const server = http.createServer((request, response) => {
	const answer = () =>
		void response.end(JSON.stringify({ session, partitions: [...works.keys()] }));
	if (request.method === "POST") void stop().then(answer);
	else answer();
});
process.once("SIGTERM", () => void stop().finally(() => process.exit()));

const commits = setInterval(() => void commit(), commitMs);
server.listen(Number(FLT_PORT), "127.0.0.1", () => {
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	console.log(`FLT_READY ${JSON.stringify({ port })}`);
});
