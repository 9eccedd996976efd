import { missedOffer, missedOk, nothingOk } from "../../load/offered.ts";
import { addCounts, type Counts, type WorkerMessage, zeroCounts } from "../../load/report.ts";
import { saturated } from "../../load/saturation.ts";
import { type LoadSummary, summarize, type Window } from "../../load/summary.ts";
import type { LoadFacts } from "../../scenarios/contract/facts.ts";
import type { PhaseName } from "../../scenarios/contract/phase.ts";
import type { PlanData } from "../../scenarios/contract/plan.ts";
import type { PhaseRecord, Reason } from "../record/document.ts";
import type { MeteredInterval } from "../record/interval.ts";
import { LoadMeter } from "./meter.ts";

/** All that a case's workers report, load by load: the daemon's own account of what was offered and what came of it. */
export class LoadWatch {
	readonly #meters = new Map<string, LoadMeter>();
	/** Operations started, by load and worker, as the last heartbeat said: what is left when a host dies. */
	readonly #started = new Map<string, Map<number, number>>();
	/** Whoever waits for the last of some loads' workers. */
	#onEnded: () => void = () => {};
	/** Each is asked for by facts, by reasons and by what was late, and takes all the samples to be decoded. */
	readonly #summaries = new Map<LoadMeter, Map<string, LoadSummary>>();
	readonly #specs: PlanData["loads"];
	readonly #intervalMs: number;
	readonly #zeroMs: number;
	readonly #case: string | null;

	/** `zeroMs`: where the loads' zero lies in the run's time. */
	constructor(plan: PlanData, caseId: string | null, zeroMs: number) {
		this.#specs = plan.loads;
		this.#intervalMs = plan.phases.intervalMs;
		this.#zeroMs = zeroMs;
		this.#case = caseId;
		for (const [load, { workers }] of Object.entries(plan.loads)) {
			const options = { load, case: caseId, workers, intervalMs: this.#intervalMs, zeroMs };
			this.#meters.set(load, new LoadMeter(options));
			this.#started.set(load, new Map());
		}
	}

	/** Takes a worker's message in; the intervals that it completed. */
	see(message: WorkerMessage): MeteredInterval[] {
		switch (message.kind) {
			case "opened":
				return [];
			case "heartbeat":
				this.#started.get(message.load)?.set(message.worker, message.started);
				return [];
			case "interval":
				return this.#meters.get(message.interval.load)?.see(message.interval) ?? [];
			case "ended":
				this.#started.get(message.load)?.set(message.worker, message.totals.started);
				return this.#workerEnded(message.load, message.worker);
			default:
				return message satisfies never;
		}
	}

	#workerEnded(load: string, worker: number): MeteredInterval[] {
		const completed = this.#meters.get(load)?.workerEnded(worker) ?? [];
		this.#onEnded();
		return completed;
	}

	/** Resolves once all of these loads have ended by themselves. */
	ended(loads: readonly string[]): Promise<void> {
		return new Promise((resolve) => {
			this.#onEnded = () => {
				if (this.unended(loads).length === 0) resolve();
			};
			this.#onEnded();
		});
	}

	/** Those of these loads that have not ended, each with how many of its operations have been started. */
	unended(loads: readonly string[]): { load: string; started: number }[] {
		return loads
			.filter((load) => this.#meters.get(load)?.hasEnded === false)
			.map((load) => ({
				load,
				started: [...(this.#started.get(load)?.values() ?? [])].reduce((a, b) => a + b, 0),
			}));
	}

	/** The loads' summaries: one per phase, and `all`, warm-up included, with the drivers' counters. */
	facts(phases: readonly PhaseRecord[]): LoadFacts[] {
		return [...this.#meters].flatMap(([name, meter]) => {
			const rows = phases.map(
				(phase): LoadFacts => ({
					name,
					phase: phase.name,
					summary: this.#summary(meter, phase.fromMs, phase.toMs, [phase.name]),
					counters: {},
				}),
			);
			const endMs = phases.at(-1)?.toMs ?? this.#zeroMs;
			const summary = this.#summary(meter, this.#zeroMs, endMs);
			const counters: Record<string, number> = {};
			for (const interval of meter.intervals) {
				for (const [key, value] of Object.entries(interval.counters)) {
					counters[key] = (counters[key] ?? 0) + value;
				}
			}
			return [...rows, { name, phase: "all", summary, counters }];
		});
	}

	/** The facts of loads whose host has died: in `all`, what started and never reported an end is `unknown`. */
	boundedFacts(phases: readonly PhaseRecord[]): LoadFacts[] {
		return this.facts(phases).map((row) => {
			if (row.phase !== "all") return row;
			const { due, started, ok, fail, unknown, dropped } = this.lowerBounds(row.name);
			const summary: LoadSummary = {
				...row.summary,
				due_count: due,
				started_count: started,
				ok_count: ok,
				fail_count: fail,
				unknown_count: unknown,
				dropped_count: dropped,
			};
			return { ...row, summary };
		});
	}

	/** Why a phase after warm-up does not show the target under the planned load. */
	reasons(phases: readonly PhaseRecord[]): Reason[] {
		const endMs = phases.at(-1)?.toMs ?? this.#zeroMs;
		return this.#judged(phases).flatMap(([name, meter, phase]) =>
			this.#reasons(name, meter, phase, endMs),
		);
	}

	/** Why the timings of a phase after warm-up are not to be compared: the generator was late. Empty where it was not. */
	late(phases: readonly PhaseRecord[]): string[] {
		return this.#judged(phases).flatMap(([name, meter, phase]) => {
			const summary = this.#summary(meter, phase.fromMs, phase.toMs, [phase.name]);
			const window = this.#window(phase);
			const late = saturated(summary, meter.intervals, this.#intervalMs, window);
			return late.map((why) => `${this.#where(name, phase)}: ${why}`);
		});
	}

	#judged(phases: readonly PhaseRecord[]): [string, LoadMeter, PhaseRecord][] {
		const judged = phases.filter(({ name }) => name !== "warming");
		return [...this.#meters].flatMap(([name, meter]) =>
			judged.map((phase): [string, LoadMeter, PhaseRecord] => [name, meter, phase]),
		);
	}

	#where(load: string, phase: PhaseRecord): string {
		return `load ${load}${this.#case === null ? "" : ` (${this.#case})`}, ${phase.name}`;
	}

	#window({ fromMs, toMs }: PhaseRecord): Window {
		return { fromMs: fromMs - this.#zeroMs, toMs: toMs - this.#zeroMs };
	}

	#reasons(load: string, meter: LoadMeter, phase: PhaseRecord, endMs: number): Reason[] {
		// With a fault, or just after it, a rate that is missed is what the run is to show.
		if (phase.name !== "steady") return [];
		const where = this.#where(load, phase);
		const summary = this.#summary(meter, phase.fromMs, phase.toMs, [phase.name]);
		// So many operations and no more are due as soon as those before have ended, the first of them in warm-up.
		const hasEnd = this.#specs[load]!.arrival.kind === "trials";
		const nothing = nothingOk(hasEnd ? this.#summary(meter, this.#zeroMs, endMs) : summary);
		if (nothing !== null) return [{ code: "nothing_ok", message: `${where}: ${nothing}` }];
		const spec = this.#specs[load]!;
		const offered = missedOffer(
			summary,
			meter.intervals,
			this.#intervalMs,
			this.#window(phase),
			spec,
		);
		const missed = offered ?? missedOk(summary, spec);
		return missed === null ? [] : [{ code: "offered_not_reached", message: `${where}: ${missed}` }];
	}

	/** What can be known of a load whose host has died: what started and never reported an end is `unknown`. */
	lowerBounds(load: string): Counts {
		const counts = zeroCounts();
		for (const { slices } of this.#meters.get(load)?.intervals ?? []) {
			for (const slice of slices) addCounts(counts, slice.counts);
		}
		const beats = [...(this.#started.get(load)?.values() ?? [])].reduce((a, b) => a + b, 0);
		counts.started = Math.max(counts.started, beats);
		counts.due = Math.max(counts.due, counts.started + counts.dropped);
		counts.unknown = counts.started - counts.ok - counts.fail;
		return counts;
	}

	#summary(meter: LoadMeter, fromMs: number, toMs: number, phases?: PhaseName[]): LoadSummary {
		const window = { fromMs: fromMs - this.#zeroMs, toMs: toMs - this.#zeroMs };
		const of = this.#summaries.get(meter) ?? new Map<string, LoadSummary>();
		this.#summaries.set(meter, of);
		const key = JSON.stringify([meter.intervals.length, window, phases]);
		const summary = of.get(key) ?? summarize(meter.intervals, window, phases);
		of.set(key, summary);
		return summary;
	}
}
