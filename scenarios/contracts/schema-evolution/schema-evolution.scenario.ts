import { fault, load, monotonicMs, phasesOf, scenario } from "faultline";
import { propose, schemasAfter } from "./ask-registry.ts";
import { topicName } from "./framing.ts";
import { archived, counts, events, gate, readings } from "./judgement.ts";
import { type P, properties } from "./params.ts";
import { Proposals } from "./proposals.ts";
import { Writer } from "./writer.ts";

// What needs a client is imported where it is used: the load's thread plans with this file as well.

export default scenario({
	title: "Schema evolution: which changes of a schema are refused, and who reads what afterwards",
	question:
		"Is every breaking change of a schema refused before anything is written by it, and does everybody read the values that were written?",
	params: properties,
	sizes: {
		small: {
			changesPerSec: 60,
			ratePerSec: 300,
			faultMs: 200,
			faultGapMs: 320,
			slowMs: 20,
			warmMs: 150,
			steadyMs: 450,
			recoverLimitMs: 2_500,
			intervalMs: 75,
		},
		large: { changesPerSec: 40, ratePerSec: 2_000, steadyMs: 30_000 },
	},
	needs: ["kafka"],
	twin: { fails: ["violations-caught", "values-read", "columns-read"] },
	limits: { hookMs: 180_000 },
	plan: (p) => {
		const proposals = new Proposals(p.seed);
		let writer: Writer | null = null;
		return {
			phases: phasesOf(p),
			paths: { log: "kafka", registry: { subject: "registry" } },
			subjects: { registry: { file: "./registry.ts", env: { GUARD: p.guard } } },
			loads: {
				changes: load({
					arrival: { kind: "constant", ratePerSec: p.changesPerSec },
					clients: { registry: { driver: "http", at: "registry", connections: 1 } },
					deadlineMs: p.deadlineMs,
					// One at a time: each is a change of the one before.
					inFlightMax: 1,
					journal: true,
					work: async ({ registry }, { n, signal }) => {
						const asked = await propose(registry, proposals.at(n), p.askAgainMs, signal);
						return JSON.stringify(asked);
					},
				}),
				events: load({
					arrival: { kind: "constant", ratePerSec: p.ratePerSec },
					clients: {
						log: { driver: "kafka-wire", at: "log", connections: 1 },
						registry: { driver: "http", at: "registry", connections: 1 },
					},
					deadlineMs: p.deadlineMs,
					inFlightMax: Math.max(200, p.ratePerSec),
					journal: true,
					work: async ({ log, registry }, { n, signal }, { topicPrefix }) => {
						writer ??= new Writer(
							p.seed,
							p.pollMs,
							(after) => schemasAfter(registry, after, AbortSignal.timeout(2_000)),
							monotonicMs,
						);
						const value = await writer.event(n, signal);
						await new Promise<void>((succeed, fail) =>
							log.produce(topicPrefix + topicName, { key: null, value }, { succeed, fail }),
						);
						return undefined;
					},
				}),
			},
			faults: faultsOf(p),
			steady: [{ load: "events", signal: "error_pct", is: "below", value: 1 }],
		};
	},
	explore: {
		kinds: {
			kill: { on: ["registry"] },
			freeze: { on: ["registry"] },
			latency: { on: ["registry", "log"], params: { latencyMs: [1, 200] } },
			reset: { on: ["registry", "log"] },
			down: { on: ["registry"] },
		},
		faultsMax: 4,
		horizonMs: 4_000,
	},
	atScale: {
		growth:
			"`node measure-growth.ts`, ten to 160 versions of a subject: a verdict by FULL takes 1.0 to 2.4 ms of the processor, whatever came before; by FULL_TRANSITIVE 5.5, 6.2, 10.7, 24 and 49 ms, ~ versions^0.82: each version is resolved both ways. A row of the archive takes 3,232 µs alone in its file, 391 with ten, 70 with a hundred, 23 with a thousand.",
		breaksFirst:
			"Verdicts by all versions: past 80 of them one takes more than 20 ms of a process that answers one after another. Then readers: a reader of all versions keeps a resolver for each writer that it has met; and an archive of many versions has small files.",
		replacement:
			"Resolvers that are made once and kept by pair of versions (old pairs never change); a registry whose versions are compared by a hash of what resolution looks at, so that comments and orders cost nothing; files of old versions rewritten by the newest once nobody writes by them; subjects that begin anew, with the topic, where a contract changes for good.",
	},
})
	.arrange(async (ctx) => (await import("./observe.ts")).arrange(ctx))
	.observe(async (ctx) => (await import("./observe.ts")).observe(ctx))
	.judge(gate, ...events, archived, ...readings, counts);

/** The registry is killed, cut off in the middle of an answer, away, and slow, one after another. */
function faultsOf({ faultMs, faultGapMs, slowMs }: P) {
	const at = (place: number, lastsMs: number) => {
		const fromMs = place * (faultMs + faultGapMs);
		return { fromMs, toMs: fromMs + lastsMs };
	};
	return [
		fault("kill", "registry", {}, at(0, faultMs)),
		fault("reset", "registry", {}, at(1, faultMs)),
		fault("down", "registry", {}, at(2, faultMs)),
		fault("latency", "registry", { latencyMs: slowMs }, at(3, faultMs)),
	];
}
