import {
	appendTo,
	type FaultSpec,
	fault,
	type KafkaMessage,
	load,
	type Metric,
	makeTopic,
	monotonicMs,
	msOf,
	OperationError,
	pctOf,
	phasesOf,
	scenario,
	withKafka,
	withPostgres,
} from "faultline";
import { sinkLoad, sinkTime } from "./charts.ts";
import { checks } from "./checks.ts";
import {
	backedOffAfterMs,
	cameBackAfterMs,
	catchUpMs,
	efficiencyPct,
	liveDuringReplay,
	peakPct,
	type ReplayFacts,
} from "./findings.ts";
import { encode, type Message, messageOf } from "./message.ts";
import { type P, properties, statedPerSec } from "./params.ts";
import { writeReceipt } from "./receipt.ts";

/** Live latency is told when it was over its objective for so long: a ramp that backs off is quicker. */
const alertAfterMs = 1_000;
/** A replay that was killed is begun again, so often. */
const startsMax = 20;

// What needs a client is imported where it is used: the load's thread plans with this file as well.

export default scenario({
	title: "Backlog replay: catching up without pushing live traffic aside",
	question: "How fast can a backlog be replayed into a sink that live traffic goes on using?",
	params: properties,
	sizes: {
		small: {
			backlog: 2_400,
			keys: 2_000,
			liveRatePerSec: 100,
			unitUs: 2_000,
			batch: 8,
			// One in a hundred of two hundred live writes is two of them.
			objectiveMs: 150,
			slowByUs: 2_000,
			// Of a replay of two seconds the ramp's two beginnings are a quarter.
			efficiencyPctMin: 65,
			warmMs: 200,
			beforeMs: 200,
			// The replay is under way, and beyond its ramp, when the sink becomes slow.
			steadyMs: 1_100,
			rampMs: 150,
			slowMs: 500,
			recoverLimitMs: 2_500,
			intervalMs: 50,
			finishLimitMs: 20_000,
		},
		large: {
			backlog: 5_000_000,
			keys: 50_000,
			liveRatePerSec: 500,
			slots: 8,
			unitUs: 250,
			batch: 128,
			steadyMs: 20_000,
			slowMs: 10_000,
			recoverLimitMs: 30_000,
			finishLimitMs: 600_000,
			intervalMs: 1_000,
		},
	},
	needs: ["postgres", "kafka"],
	twin: { fails: ["newest-wins"] },
	limits: { hookMs: 180_000, memoryMb: 3_000 },

	plan: (p) => {
		const batchMost = Math.floor(0.01 * p.safeShare * statedPerSec(p));
		if (p.batch > batchMost)
			throw new Error(
				`batch must be at most ${batchMost}, a hundredth of what is safe in a second, but is ${p.batch}: a second could not be held to 2 % more`,
			);
		const unitMs = p.unitUs / 1_000;
		const environment = { GUARD: p.guard, BATCH: p.batch };
		return {
			phases: { ...phasesOf(p), finishLimitMs: p.finishLimitMs },
			paths: {
				db: "postgres",
				log: "kafka",
				sink: { subject: "sink" },
				gate: { subject: "gate" },
				replay: { job: "replay" },
			},
			subjects: {
				sink: {
					file: "./sink.ts",
					env: { SLOTS: p.slots, UNIT_US: p.unitUs, NEWEST_WINS: p.guard },
				},
				gate: {
					file: "./gate-service.ts",
					env: { ...environment, SLOTS: p.slots, SAFE_SHARE: p.safeShare },
				},
			},
			jobs: {
				replay: {
					file: "./replay.ts",
					env: {
						...environment,
						RAMP_MS: p.rampMs,
						TARGET_MS: Math.max(20, 2.5 * p.batch * unitMs),
					},
					limitMs: replayLimitMs(p),
				},
			},
			loads: {
				live: load({
					arrival: { kind: "constant", ratePerSec: p.liveRatePerSec },
					clients: { api: { driver: "http", at: "gate", connections: liveMax(p) } },
					deadlineMs: p.deadlineMs,
					inFlightMax: liveMax(p),
					journal: true,
					work: async ({ api }, { n, intendedAtMs, signal }) => {
						const { status } = await api.request({
							method: "POST",
							path: "/live",
							body: JSON.stringify(messageOf(p.backlog + n, p)),
							signal,
						});
						// The sink says 503 before it has done anything; what lies between may not know.
						if (status !== 200)
							throw new OperationError(status === 503 ? "fail" : "unknown", `http_${status}`);
						return writeReceipt({ intendedAtMs, endAtMs: monotonicMs() });
					},
				}),
				replay: load({
					arrival: { kind: "trials", count: 1 },
					clients: { job: { driver: "job", at: "replay", connections: 1 } },
					deadlineMs: replayLimitMs(p),
					inFlightMax: 1,
					journal: true,
					work: async ({ job }, { intendedAtMs, signal }) => {
						const startAtMs = intendedAtMs + p.warmMs + p.beforeMs;
						const order = { env: { START_AT_MS: `${startAtMs}` } };
						for (let starts = 1; ; starts++) {
							const end = await job.run(order, signal).catch((error: unknown) => {
								if (signal.aborted || starts === startsMax) throw error;
								return null;
							});
							if (end?.exitCode === 0) return end.output;
							if (starts === startsMax)
								throw new OperationError(
									"unknown",
									"replay_failed",
									end?.output ?? "it was killed",
								);
						}
					},
				}),
			},
			faults: faultsOf(p),
			steady:
				p.slow === "off"
					? []
					: [
							{ load: "live", signal: "response_p99_ms", is: "below", value: p.objectiveMs },
							{ load: "live", signal: "error_pct", is: "below", value: 1 },
						],
			alerts: [
				{
					id: "live-over-its-objective",
					when: { load: "live", signal: "response_p99_ms", is: "above", value: p.objectiveMs },
					forIntervals: Math.ceil(alertAfterMs / p.intervalMs),
				},
				{
					id: "sink-over-what-is-safe",
					when: { gauge: "sink_load_pct", is: "above", value: 102 },
					forIntervals: 1,
				},
			],
		};
	},

	atScale: {
		growth:
			"`node scenarios/streams/backlog-replay/rehearsal.ts --backlog 3000` (then 6000, 12000): caught up in 1.28, 2.30 and 4.51 s, ~ messages^0.91: as the backlog, less the beginning of the ramp.",
		breaksFirst:
			"The sink's own bookkeeping: a row for each batch, and an upsert for each key in it. Then the gate: one process sees every request.",
		replacement:
			"Offsets committed in the sink's transaction, one row a partition, where batches of a partition go one after another; a gate for each shard of the sink, with its share of what is safe; a backlog that is compacted to the newest of each key before it is replayed, where nobody needs what lies between.",
	},

	explore: {
		kinds: {
			"slow-work": { on: ["sink"], params: { part: "write", extraUs: [500, 4_000] } },
			kill: { on: ["replay", "gate", "sink"] },
			reset: { on: ["gate", "sink", "log"] },
			down: { on: ["sink", "db", "log"] },
			latency: { on: ["db", "sink"], params: { latencyMs: [5, 50] } },
		},
		faultsMax: 4,
		horizonMs: 1_500,
	},
})
	.arrange(async ({ direct, names, params }) => {
		const [{ topic, backlogOf }, { tables }] = await Promise.all([
			import("./observe.ts"),
			import("./sink-tables.ts"),
		]);
		const name = names.topicPrefix + topic;
		await withPostgres(direct, (client) => client.query(tables));
		await withKafka(direct, (admin) =>
			makeTopic(admin, { topic: name, numPartitions: params.partitions }),
		);
		await appendTo(direct, name, messagesOf(backlogOf(params), params.partitions), 4);
	})
	.gauges({
		sink_load_pct: async (ctx) => {
			const response = await fetch(`${ctx.subject("gate")}/load`, { signal: ctx.signal });
			const said = (await response.json()) as { lastSecond: number; safePerSec: number };
			return (100 * said.lastSecond) / said.safePerSec;
		},
	})
	.observe(
		async (ctx) => (await import("./observe.ts")).observe(ctx),
		async (ctx) => (await import("./observe.ts")).expected(ctx),
	)
	.judge(...checks, {
		metrics: {
			peak_sink_load_pct: pctOf("lower", peakPct),
			catch_up_s: secondsOf(catchUpMs),
			catch_up_efficiency_pct: pctOf("higher", efficiencyPct),
			live_late_pct: pctOf("lower", (facts) => {
				const { due, late } = liveDuringReplay(facts);
				return (100 * late) / due;
			}),
			backed_off_ms: msOf(backedOffAfterMs),
			came_back_ms: msOf(cameBackAfterMs),
			sink_errors_count: {
				unit: "count",
				direction: "lower",
				portability: "bounded",
				measure: ({ observed }) => observed.replay?.errorCount ?? null,
			},
		},
		charts: { "sink-load": sinkLoad, "sink-time": sinkTime },
	});

/** A client that waits has a connection of its own. */
function liveMax({ liveRatePerSec, deadlineMs }: P): number {
	return Math.max(20, Math.ceil((liveRatePerSec * deadlineMs) / 1_000));
}

/** From the load's begin. */
function replayLimitMs({ warmMs, steadyMs, slowMs, recoverLimitMs, finishLimitMs }: P): number {
	return warmMs + steadyMs + slowMs + recoverLimitMs + finishLimitMs;
}

function* messagesOf(backlog: Iterable<Message>, partitions: number): Iterable<KafkaMessage> {
	for (const message of backlog)
		yield {
			key: null,
			value: Buffer.from(encode(message)),
			partition: message.n % partitions,
		};
}

/** In the middle of the replay the sink takes longer over each message. */
function faultsOf(p: P): FaultSpec<"sink">[] {
	if (p.slow === "off") return [];
	const slower = { part: "write", extraUs: p.slowByUs };
	return [fault("slow-work", "sink", slower, { fromMs: 0, toMs: p.slowMs })];
}

/** A time in seconds, as those of a catch-up are told. */
function secondsOf(measureMs: (facts: ReplayFacts) => number | null): Metric<ReplayFacts> {
	return {
		unit: "s",
		direction: "lower",
		portability: "machine",
		measure(facts) {
			const ms = measureMs(facts);
			return ms === null ? null : ms / 1_000;
		},
	};
}
