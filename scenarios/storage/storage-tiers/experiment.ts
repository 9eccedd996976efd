import {
	atStep,
	count,
	fault,
	load,
	monotonicMs,
	ms,
	number,
	OperationError,
	oneOf,
	type Params,
	pause,
	phaseParams,
} from "faultline";
import { contentOf } from "./content.ts";
import { type Lifecycle, lifecycleOf } from "./lifecycle.ts";
import type { MoveStep } from "./mover.ts";
import { type PolicyName, policyNames } from "./policies.ts";
import type { ActionReceipt, ReadReceipt } from "./receipts.ts";
import { actThrough, hurry, readThrough } from "./tier-client.ts";

// What the experiment is, whatever the real objects lie in: each store is a scenario of its own, for it has other needs.

export const tierParams = {
	objects: count(1_000, 50, 20_000, "objects that are simulated and billed"),
	days: count(180, 30, 720, "days that are simulated and billed"),
	realObjects: count(400, 10, 5_000, "of these objects, those that really move"),
	policy: oneOf<PolicyName>(policyNames, "size-aware", "what decides where an object lies"),
	savingsPctMin: number(30, 0, 100, "saved against everything in hot, at least, %"),
	p95MsMax: ms(250, 1, 100_000_000, "simulated p95 of the first byte, at most"),
	readsPerSec: number(100, 1, 2_000, "real reads offered, per second"),
	movesAtOnce: count(16, 1, 64, "real moves that are under way at once"),
	stepMs: ms(40, 0, 1_000, "time between two steps of a move"),
	kills: count(6, 1, 50, "times that the mover is killed"),
	faultMs: ms(6_000, 200, 120_000, "time in which it is killed and cold is slow"),
	coldLatencyMs: ms(40, 1, 10_000, "added to each answer on the way to cold"),
	restoreMs: ms(150, 0, 60_000, "time that a restore from cold takes"),
	readP95MsMax: ms(150, 1, 60_000, "p95 of real reads that nothing interrupted, at most"),
	deadlineMs: ms(15_000, 500, 120_000, "a client's patience"),
	...phaseParams({ warmMs: 500, steadyMs: 1_500, recoverLimitMs: 5_000, intervalMs: 250 }),
};

type P = Params<typeof tierParams>;

export const tierSizes = {
	small: {
		objects: 600,
		realObjects: 200,
		kills: 2,
		faultMs: 1_600,
		restoreMs: 80,
		warmMs: 100,
		steadyMs: 300,
		recoverLimitMs: 2_500,
		intervalMs: 75,
	},
	large: {
		objects: 5_000,
		days: 360,
		realObjects: 1_000,
		kills: 30,
		faultMs: 30_000,
	},
};

/** What the naive order of a move breaks. */
export const tierTwin = { fails: ["no-object-lost", "one-version", "billed-once"] };

/** By which the mover is found: reads from cold take a way of their own, which can be slow. */
export const moverPaths = { api: { subject: "mover" }, cold: { subject: "mover" } } as const;

/** The mover, with these variables beside those of every store. */
export function moverOf(p: P, env: Record<string, string>) {
	return {
		file: "./tier-service.ts",
		env: {
			GUARD: p.guard,
			SEED: p.seed,
			OBJECTS: p.realObjects,
			KILLS: p.kills,
			STEP_MS: p.stepMs,
			RESTORE_MS: p.restoreMs,
			...env,
		},
	};
}

const trickleMs = 100;

/** The policy's moves and new versions, each done until it is told to be; and reads all the while. */
export function loadsOf(p: P) {
	const { actions, reads } = lifecycleOf(p);
	/** An object of which an action failed for good is given up: what comes after it would wait for ever. */
	const givenUp = new Set<number>();
	const killed = { seen: false };
	return {
		actions: load({
			arrival: { kind: "trials", count: actions.length },
			clients: { api: { driver: "http", at: "api", connections: p.movesAtOnce } },
			deadlineMs: p.deadlineMs,
			inFlightMax: p.movesAtOnce,
			journal: true,
			// In the twin it is to be found out how many of them fail.
			okPctMin: 0,
			work: async ({ api }, { n, phase, signal }) => {
				const action = actions[n]!;
				// Until one has met a kill they trickle, more and more slowly: so that there are some under way by then, and
				// many left, however long the run takes to come to it.
				if (!killed.seen) await pause(trickleMs * 10 ** (n / actions.length), signal);
				// What is left when nothing is killed any more needs no room for an interruption. On a busy machine the last kill comes
				// as late as this: the mover knows whether it has come, and one that is away is asked by the next of these.
				if (phase === "recovering") await hurry(api, signal);
				if (givenUp.has(action.object)) throw new OperationError("fail", "object_given_up");
				const fromMs = monotonicMs();
				const { interrupted } = await actThrough(api, p.seed, action, signal).catch((error) => {
					givenUp.add(action.object);
					killed.seen = true;
					throw error;
				});
				killed.seen ||= interrupted > 0;
				const receipt: ActionReceipt = { fromMs, toMs: monotonicMs(), interrupted };
				return JSON.stringify(receipt);
			},
		}),
		reads: load({
			arrival: { kind: "constant", ratePerSec: p.readsPerSec },
			clients: {
				api: { driver: "http", at: "api", connections: 32 },
				cold: { driver: "http", at: "cold", connections: 16 },
			},
			deadlineMs: p.deadlineMs,
			inFlightMax: 400,
			journal: true,
			okPctMin: 0,
			work: async (clients, { n, signal }) => {
				const object = objectOfRead(n, reads, p.readsPerSec);
				const fromMs = monotonicMs();
				const given = await readThrough(clients, object, signal);
				const toMs = monotonicMs();
				const bytes = contentOf(p.seed, object, given.version).toString("base64");
				const receipt: ReadReceipt = {
					object,
					version: given.version,
					tier: given.tier,
					whole: given.base64 === bytes,
					fromMs,
					toMs,
					interrupted: given.interrupted,
				};
				return JSON.stringify(receipt);
			},
		}),
	};
}

/**
 * The way to cold is slow; meanwhile the mover is killed, but not first and not last: slowness is proved where one answers.
 * Whatever is under way is interrupted anywhere; the last kill strikes a move of which the copy that was has been removed.
 */
export function tierFaults({ kills, faultMs, coldLatencyMs }: P) {
	const apartMs = (0.5 * faultMs) / kills;
	const killed = (i: number) =>
		fault(
			"kill",
			"mover",
			{},
			{
				fromMs: Math.round(0.2 * faultMs + i * apartMs),
				toMs: Math.round(0.2 * faultMs + (i + 0.3) * apartMs),
			},
		);
	return [
		fault("latency", "cold", { latencyMs: coldLatencyMs }, { fromMs: 0, toMs: faultMs }),
		...Array.from({ length: kills - 1 }, (_, i) => killed(i)),
		atStep(killed(kills - 1), { subject: "mover", step: "removed" satisfies MoveStep }),
	];
}

export function steadyReads({ readP95MsMax }: P) {
	return [
		{ load: "reads", signal: "error_pct", is: "below", value: 1 },
		{ load: "reads", signal: "response_p50_ms", is: "below", value: readP95MsMax },
	] as const;
}

/** One read in so many is of an object that lies in cold from early on: a little more than in the trace. */
const coldEvery = 30;

/** Else the reads go through the days of the trace, all of it in about four seconds, and then again. */
function objectOfRead(
	n: number,
	{ warmer, cold }: Lifecycle["reads"],
	readsPerSec: number,
): number {
	if (n % coldEvery === coldEvery - 1 && cold.length > 0)
		return cold[Math.floor(n / coldEvery) % cold.length]!;
	const stride = Math.max(1, Math.floor(warmer.length / (4 * readsPerSec)));
	return warmer[(n * stride) % warmer.length]!;
}
