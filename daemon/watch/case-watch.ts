import type { FaultRecord } from "../../chaos/injection.ts";
import type { AlertFacts } from "../../scenarios/contract/facts.ts";
import { type PlanData, usualMs } from "../../scenarios/contract/plan.ts";
import type { Threshold } from "../../scenarios/contract/threshold.ts";
import { type Acknowledged, acknowledgeFiring } from "../alerts/acknowledge.ts";
import { RuleWatch } from "../alerts/rule-watch.ts";
import {
	type GaugeView,
	type Outlook,
	SteadyWatch,
	seenText,
	steadyIntervals,
	type View,
	watches,
	wordsOf,
} from "../alerts/rules.ts";
import { type ScoredTime, scoreRule } from "../alerts/score.ts";
import type { Reason } from "../record/document.ts";
import type { IntervalView } from "../record/interval.ts";
import { AbortWatch } from "./abort-watch.ts";

const outlooks: readonly Outlook[] = ["best", "told", "worst"];

export interface CaseWatchEvents {
	onAlert(rule: string, change: "fired" | "resolved"): void;
	/** An abort condition has held over its window. */
	onAbort(message: string): void;
}

/** What is made of a case's intervals while it runs: alerts, abort conditions, steady state before and after faults. */
export class CaseWatch {
	readonly #steady: readonly Threshold[];
	readonly #alerts: RuleWatch[];
	readonly #aborts: AbortWatch[];
	readonly #events: CaseWatchEvents;
	readonly #intervalMs: number;
	readonly #views: IntervalView[] = [];
	/** Whoever waits for steady state, told of each interval. */
	readonly #waiting = new Set<(view: IntervalView) => void>();
	#recoveredMs: Record<Outlook, number | null> = { told: null, best: null, worst: null };

	constructor(
		plan: Pick<PlanData, "steady" | "alerts" | "abortWhen" | "phases" | "faults">,
		events: CaseWatchEvents,
	) {
		this.#steady = plan.steady ?? [];
		this.#intervalMs = plan.phases.intervalMs;
		const times = { intervalMs: this.#intervalMs, plannedMs: usualMs(plan) };
		this.#alerts = (plan.alerts ?? []).map((rule) => new RuleWatch(rule, times));
		const windowMs = steadyIntervals * this.#intervalMs;
		this.#aborts = (plan.abortWhen ?? []).map((condition) => new AbortWatch(condition, windowMs));
		this.#events = events;
	}

	/** There are thresholds by which steady state is known. */
	get knowsSteady(): boolean {
		return this.#steady.length > 0;
	}

	/** The first instant after the faults from which steady state held, by each outlook; null while there is none. */
	get recoveredMs(): Readonly<Record<Outlook, number | null>> {
		return this.#recoveredMs;
	}

	see(view: IntervalView): void {
		this.#views.push(view);
		this.#judge(view);
		for (const tell of this.#waiting) tell(view);
	}

	seeGauge(view: GaugeView): void {
		this.#judge(view);
	}

	#judge(view: View): void {
		for (const watch of this.#alerts) {
			const change = watch.see(view);
			if (change !== null) this.#events.onAlert(watch.rule.id, change);
		}
		for (const watch of this.#aborts) {
			const why = watch.see(view);
			if (why !== null) this.#events.onAbort(why);
		}
	}

	/**
	 * Resolves once steady state is back, however the generator's lateness is taken, counting only intervals that began at
	 * or after `fromMs`.
	 */
	async recovered(fromMs: number): Promise<void> {
		await Promise.all(
			outlooks.map(async (outlook) => {
				const watch = new SteadyWatch(this.#steady, fromMs, { outlook });
				this.#recoveredMs[outlook] = await this.#firstSteady(watch);
			}),
		);
	}

	/**
	 * Resolves once steady state has held for three intervals since `fromMs`, the last of which ends at `endsMs` or later,
	 * however the generator's lateness is taken.
	 */
	async steady(fromMs: number, endsMs: number): Promise<void> {
		await this.#firstSteady(new SteadyWatch(this.#steady, fromMs, { endsMs, outlook: "worst" }));
	}

	/** From now on steady state comes too late: a recovery is censored. */
	giveUp(): void {
		this.#waiting.clear();
	}

	/** The first instant counts: later intervals, of other loads too, would each name a later one. */
	#firstSteady(watch: SteadyWatch): Promise<number> {
		return new Promise((resolve) => {
			const tell = (view: IntervalView) => {
				const atMs = watch.see(view);
				if (atMs === null) return;
				this.#waiting.delete(tell);
				resolve(atMs);
			};
			this.#waiting.add(tell);
			for (const view of this.#views) if (this.#waiting.has(tell)) tell(view);
		});
	}

	/**
	 * Why the faults have nothing to be held against: no three intervals of `steady` in a row held, or the generator was so
	 * late that it can't be told. Null where they did.
	 */
	steadyMissed(fromMs: number, toMs: number): Reason | null {
		const within = this.#views.filter((view) => view.fromMs >= fromMs && view.toMs <= toMs);
		const held = (outlook: Outlook) => {
			const watch = new SteadyWatch(this.#steady, fromMs, { outlook });
			return within.some((view) => watch.see(view) !== null);
		};
		if (!this.knowsSteady || held("worst")) return null;
		const wanted = this.#steady.map((threshold) => {
			const last = within.findLast((view) => watches(threshold, view));
			return `${wordsOf(threshold)}${last === undefined ? "" : ` (at last ${seenText(threshold, last)})`}`;
		});
		const told = held("told");
		const message = `${told ? "" : "no "}${steadyIntervals} intervals in a row held ${wanted.join(" and ")} in the ${Math.round(toMs - fromMs)} ms of steady`;
		if (!told && !held("best")) return { code: "steady_not_reached", message };
		const lateMs = Math.max(...within.map((view) => view.lateMs));
		return {
			code: "generator_late",
			message: `${message}; with a generator in time, and not up to ${lateMs.toFixed(1)} ms late, ${told ? "they might not have" : "they might have"}`,
		};
	}

	/** The rules that match and do not fire yet. */
	get pending(): string[] {
		return this.#alerts.filter(({ state }) => state === "pending").map(({ rule }) => rule.id);
	}

	/** Somebody took a rule's firing on; false where there is none, or that was known already. */
	acknowledge({ rule: id, firedByMs }: Acknowledged, atMs: number): boolean {
		const watch = this.#alerts.find(({ rule }) => rule.id === id);
		return watch !== undefined && acknowledgeFiring(watch, firedByMs, atMs);
	}

	/** What the rules did, each held against the faults. */
	alertFacts(
		caseId: string | null,
		faults: readonly FaultRecord[],
		time: ScoredTime,
	): AlertFacts[] {
		return this.#alerts.map((watch) => {
			const { rule, firedMs, resolvedMs, acknowledgedMs, forMs, shortestFaultMs } = watch;
			const history = { firedMs, resolvedMs, forMs, shortestFaultMs, about: rule.about };
			const score = scoreRule({ ...history, evaluationMs: this.#intervalMs }, faults, time);
			const identity = { rule: rule.id, case: caseId, origin: "plan" as const };
			return { ...identity, firedMs, resolvedMs, acknowledgedMs, score };
		});
	}
}
