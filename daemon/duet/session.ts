import type { Phases } from "../../scenarios/contract/plan.ts";
import { dropReason } from "../compare/hygiene.ts";
import type { HostEvent, RunHost } from "../host/channel.ts";
import type { CaseResult } from "../record/case-result.ts";
import type { Pair, PairShape, Side, Turn } from "../record/duet.ts";
import { EventLog } from "../record/events.ts";
import type { MeteredInterval } from "../record/interval.ts";
import { Case } from "../runs/case.ts";
import type { RunWork } from "../runs/run-work.ts";
import type { Variant } from "../runs/variant.ts";
import { measuresOfLoad } from "./measures.ts";
import { other, slicePairs, summaryOf } from "./slices.ts";
import { cpuTicks, stealPct } from "./steal.ts";
import { disturbance, failedChecks, removeAll, withUrls } from "./variant.ts";

type TurnsShape = Extract<PairShape, { kind: "turns" }>;

/** A busy machine is slow to begin, pause and resume a load; loads that end before the last turn would end the run. */
const slackMs = 60_000;

/**
 * One session: both sides are started afresh, warmed up, and then take turns, so that both meet the same weather
 * (duet benchmarking). Everything of it is gone when this settles.
 */
export async function session(
	work: RunWork,
	variants: Readonly<Record<Side, Variant>>,
	shape: TurnsShape,
	{ index, first }: { index: number; first: Side },
): Promise<Pair> {
	const { interrupt, nowMs } = work;
	const [startedAt, startMs, ticks] = [new Date().toISOString(), nowMs(), cpuTicks()];
	const order = [first, other[first]];
	const players = new Map<Side, Player>();
	try {
		for (const side of order) {
			players.set(side, await Player.open(work, side, variants[side], shape));
			await players.get(side)!.prepare();
		}
		const [a, b] = [players.get("a")!, players.get("b")!];
		const loading = Promise.all([a.play(), b.play()]);
		const turns = await Promise.race([takeTurns(work, { a, b }, shape, first), failureOf(loading)]);
		for (const player of [a, b]) player.end();
		await loading;
		for (const side of order) await interrupt.race(players.get(side)!.verify());
		const slices = a.loads.map((name) => {
			const pairs = slicePairs({ a: a.intervals, b: b.intervals }, name, turns);
			return { name, pairs };
		});
		const stolenPct = stealPct(ticks, cpuTicks());
		return {
			index,
			first,
			startedAt,
			tookMs: nowMs() - startMs,
			turns,
			stealPct: stolenPct,
			loads: slices.map(({ name, pairs }) => ({
				name,
				a: summaryOf(pairs.map(({ a }) => a)),
				b: summaryOf(pairs.map(({ b }) => b)),
			})),
			measures: slices.flatMap(({ name, pairs }, load) =>
				measuresOfLoad(name, pairs, load === 0 ? "gate" : "advisory"),
			),
			failed: { a: failedChecks(a.result), b: failedChecks(b.result) },
			dropped: dropReason({
				stealPct: stolenPct,
				generator: disturbance(a.result) ?? disturbance(b.result),
			}),
		};
	} finally {
		await Promise.all([...players.values()].map((player) => player.close()));
		for (const side of order) await removeAll(work, side, variants[side]);
	}
}

/** Rejects as it does, and never resolves: its end is no reason to stop waiting for something else. */
function failureOf(work: Promise<unknown>): Promise<never> {
	return new Promise((_, reject) => work.catch(reject));
}

/** One side plays while the other is paused, and the other way round. */
async function takeTurns(
	{ interrupt, nowMs }: RunWork,
	players: Record<Side, Player>,
	{ warmMs, turnMs, turns: each }: TurnsShape,
	first: Side,
): Promise<Turn[]> {
	await interrupt.until(nowMs() + warmMs, nowMs);
	await players[other[first]].steer("pause");
	const turns: Turn[] = [];
	for (let side = first; turns.length < 2 * each; side = other[side]) {
		if (turns.length > 0) await players[side].steer("resume");
		const fromMs = nowMs();
		await interrupt.until(fromMs + turnMs, nowMs);
		turns.push({ side, fromMs, toMs: nowMs() });
		await players[side].steer("pause");
	}
	return turns;
}

/** One side of one session: a case in a host and a namespace of its own. */
class Player {
	readonly intervals: MeteredInterval[] = [];
	readonly #host: RunHost;
	readonly #case: Case;

	private constructor(host: RunHost, makeCase: (intervals: MeteredInterval[]) => Case) {
		this.#host = host;
		this.#case = makeCase(this.intervals);
	}

	static async open(
		work: RunWork,
		side: Side,
		{ params, urls }: Variant,
		shape: TurnsShape,
	): Promise<Player> {
		let player: Player | null = null;
		const host = await work.openHost(side, (event) => player?.hear(event));
		const run = work.caseRun(host);
		player = new Player(
			host,
			(intervals) =>
				new Case({
					...run,
					part: side,
					id: side,
					params,
					stack: withUrls(work.stack, urls),
					trial: { faults: [], phases: phasesOf(shape) },
					// What is told of each side and session would drown what the run has to say.
					events: new EventLog({ nowMs: work.nowMs, keep() {} }),
					enter() {},
					keepInterval(interval) {
						intervals.push(interval);
						run.keepInterval(interval);
						work.events.emit({ type: "interval", interval: interval.view });
					},
				}),
		);
		return player;
	}

	hear(event: HostEvent): void {
		this.#case.hear(event);
	}

	prepare(): Promise<void> {
		return this.#case.prepare();
	}

	play(): Promise<void> {
		return this.#case.load();
	}

	/** Its turns are over. */
	end(): void {
		this.#case.endSteady();
	}

	verify(): Promise<void> {
		return this.#case.verify();
	}

	async steer(kind: "pause" | "resume"): Promise<void> {
		await Promise.all(this.loads.map((load) => this.#case.steer(load, { kind })));
	}

	get loads(): string[] {
		return this.#case.loadNames;
	}

	get result(): CaseResult {
		return this.#case.result;
	}

	async close(): Promise<void> {
		await this.#case.close();
		await this.#host.close();
	}
}

/** Steady state for as long as the turns last, and longer: it ends with them. */
function phasesOf({ warmMs, turnMs, turns }: TurnsShape): Phases {
	const steadyMs = 2 * turns * turnMs + slackMs;
	return {
		warmMs,
		steadyMs,
		steadyLimitMs: steadyMs,
		recoverLimitMs: 0,
		// Several a turn, so that few of them lie across its begin.
		intervalMs: Math.max(50, Math.min(1_000, Math.floor(turnMs / 4))),
	};
}
