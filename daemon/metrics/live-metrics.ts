import type { AlertView } from "../desk/desk.ts";
import type { FaultInForce } from "../faults/by-hand.ts";
import type { RunEvent } from "../record/events.ts";
import type { IntervalView } from "../record/interval.ts";
import type { Run } from "../runs/run.ts";
import { exposition, type Family, type Labels } from "./exposition.ts";

/** What metrics need of a run. */
export type MeteredRun = Pick<Run, "id" | "document" | "events">;

/** What else is true at the moment of a scrape. */
export interface Moment {
	active: Pick<Run, "id" | "document"> | null;
	faults: readonly FaultInForce[];
	alerts: readonly Pick<AlertView, "rule" | "origin" | "state" | "acknowledgedAt">[];
	pending: readonly { rule: string }[];
}

interface Counted {
	due: number;
	ok: number;
	fail: number;
	unknown: number;
	dropped: number;
}

interface Running {
	intervals: Map<string, IntervalView>;
	gauges: Map<string, number | null>;
}

/**
 * What `GET /metrics` shows. Counters go on over all runs of this daemon, as counters must; gauges are of the newest
 * interval, and are there only while their run's load is.
 */
export class LiveMetrics {
	/** By scenario, then by load. */
	readonly #counted = new Map<string, Map<string, Counted>>();
	/** By scenario, then by verdict. */
	readonly #ended = new Map<string, Map<string, number>>();
	/** The scenarios whose load runs; one, by default. */
	readonly #running = new Map<string, Running>();

	/** Hears of the run's intervals from its first event to its last. */
	follow(run: MeteredRun): void {
		const { scenario } = run.document;
		run.events.follow(0, (event) => this.#hear(scenario, event));
	}

	text(moment: Moment): string {
		return exposition([...ofMoment(moment), ...this.#ofRuns()]);
	}

	#hear(scenario: string, event: RunEvent): void {
		switch (event.type) {
			case "interval":
				this.#count(scenario, event.interval);
				this.#runningOf(scenario).intervals.set(event.interval.load, event.interval);
				return;
			case "gauge":
				this.#runningOf(scenario).gauges.set(event.gauge, event.value);
				return;
			case "state":
				// What was last seen of a load is not true after it.
				if (
					event.state === "preparing" ||
					event.state === "verifying" ||
					event.state === "cleaning"
				)
					this.#running.delete(scenario);
				return;
			case "end": {
				this.#running.delete(scenario);
				const verdicts = inMap(this.#ended, scenario, () => new Map<string, number>());
				const verdict = event.verdict ?? "none";
				verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
				return;
			}
			case "phase":
			case "fault":
			case "alert":
			case "check":
			case "log":
				return;
			default:
				event satisfies never;
		}
	}

	#runningOf(scenario: string): Running {
		return inMap(this.#running, scenario, () => ({ intervals: new Map(), gauges: new Map() }));
	}

	#count(scenario: string, interval: IntervalView): void {
		const loads = inMap(this.#counted, scenario, () => new Map<string, Counted>());
		const nothing = { due: 0, ok: 0, fail: 0, unknown: 0, dropped: 0 };
		const counted = inMap(loads, interval.load, () => nothing);
		counted.due += interval.dueCount;
		counted.ok += interval.okCount;
		counted.fail += interval.failCount;
		counted.unknown += interval.unknownCount;
		counted.dropped += interval.droppedCount;
	}

	#ofRuns(): Family[] {
		const counted = nested(this.#counted);
		const intervals = [...this.#running].flatMap(([scenario, { intervals }]) =>
			[...intervals].map(([load, value]) => ({ labels: { scenario, load }, value })),
		);
		const gauges = [...this.#running].flatMap(([scenario, { gauges }]) =>
			[...gauges].flatMap(([gauge, value]) =>
				value === null ? [] : [{ labels: { scenario, gauge }, value }],
			),
		);
		const ofIntervals = (value: (interval: IntervalView) => number) =>
			intervals.map(({ labels, value: interval }) => ({ labels, value: value(interval) }));
		return [
			counter(
				"faultline_load_due_total",
				"Operations that were due.",
				counted.map(({ labels: [scenario, load], value }) => ({
					labels: { scenario, load },
					value: value.due,
				})),
			),
			counter(
				"faultline_load_operations_total",
				"Operations by outcome; dropped ones were never started.",
				counted.flatMap(({ labels: [scenario, load], value }) =>
					(["ok", "fail", "unknown", "dropped"] as const).map((outcome) => ({
						labels: { scenario, load, outcome },
						value: value[outcome],
					})),
				),
			),
			summary(
				"faultline_load_response_seconds",
				"Response time in the newest interval, from the intended start; absent where nothing ended.",
				intervals.flatMap(({ labels, value: { responseP50Ms, responseP99Ms } }) => [
					...quantile(labels, "0.5", responseP50Ms),
					...quantile(labels, "0.99", responseP99Ms),
				]),
			),
			gauge(
				"faultline_load_in_flight",
				"Operations under way at the end of the newest interval.",
				ofIntervals(({ inFlight }) => inFlight),
			),
			gauge(
				"faultline_load_waiting",
				"Operations that are due and have no free slot.",
				ofIntervals(({ waiting }) => waiting),
			),
			gauge("faultline_scenario_value", "Gauges of the scenario, such as a lag.", gauges),
			counter(
				"faultline_runs_total",
				"Runs that ended, by verdict.",
				nested(this.#ended).map(({ labels: [scenario, verdict], value }) => ({
					labels: { scenario, verdict },
					value,
				})),
			),
		];
	}
}

function ofMoment({ active, faults, alerts, pending }: Moment): Family[] {
	const run = active === null ? null : active.document;
	return [
		gauge("faultline_run_active", "1 while a run is active.", [
			{ labels: {}, value: active === null ? 0 : 1 },
		]),
		gauge(
			"faultline_run_state",
			"1 for the state that the active run is in.",
			run === null
				? []
				: [{ labels: { scenario: run.scenario, run: run.runId, state: run.state }, value: 1 }],
		),
		gauge(
			"faultline_faults_in_force",
			"Faults in force, by kind and what they act on.",
			tallied(faults.map(({ kind, on }) => ({ kind, on }))),
		),
		gauge(
			"faultline_alerts",
			"Alerts that are pending or firing.",
			tallied([
				...pending.map(({ rule }) => ({ rule, origin: "plan", state: "pending" })),
				...alerts
					.filter(({ state }) => state === "firing")
					.map(({ rule, origin, acknowledgedAt }) => {
						const acknowledged = acknowledgedAt === null ? "no" : "yes";
						return { rule, origin, state: "firing", acknowledged };
					}),
			]),
		),
	];
}

function counter(name: string, help: string, samples: Family["samples"]): Family {
	return { name, type: "counter", help, samples };
}

function gauge(name: string, help: string, samples: Family["samples"]): Family {
	return { name, type: "gauge", help, samples };
}

/** Quantiles alone: sum and count are not known of an interval's merged histogram. */
function summary(name: string, help: string, samples: Family["samples"]): Family {
	return { name, type: "summary", help, samples };
}

function quantile(labels: Labels, quantile: string, ms: number | null): Family["samples"] {
	return ms === null ? [] : [{ labels: { ...labels, quantile }, value: ms / 1_000 }];
}

/** Each set of labels once, with how often it was there: two samples of one name would be refused. */
function tallied(all: readonly Labels[]): Family["samples"] {
	const counts = new Map<string, { labels: Labels; value: number }>();
	for (const labels of all)
		inMap(counts, JSON.stringify(labels), () => ({ labels, value: 0 })).value += 1;
	return [...counts.values()];
}

function nested<T>(outer: Map<string, Map<string, T>>): { labels: [string, string]; value: T }[] {
	return [...outer].flatMap(([first, inner]) =>
		[...inner].map(([second, value]) => ({ labels: [first, second] as [string, string], value })),
	);
}

function inMap<T>(map: Map<string, T>, key: string, make: () => T): T {
	const found = map.get(key);
	if (found !== undefined) return found;
	const made = make();
	map.set(key, made);
	return made;
}
