import { randomBytes } from "node:crypto";
import { FaultlineError } from "../../base/errors.ts";
import type { AlertFacts } from "../../scenarios/contract/facts.ts";
import type {
	PostedAlert,
	ReceivedAlerts,
	ReceivedChange,
	ReceivedFiring,
} from "../alerts/received.ts";
import type { RunEvent } from "../record/events.ts";
import type { RunManager } from "../runs/manager.ts";
import type { Run } from "../runs/run.ts";
import type { Notification } from "./sinks/notification.ts";
import type { SinkQueue } from "./sinks/queue.ts";

/** One firing, as the API shows it. Times in RFC 3339. */
export interface AlertView {
	id: string;
	rule: string;
	origin: AlertFacts["origin"];
	/** Of alerts that came in; empty for rules of a plan. */
	labels: Record<string, string>;
	/** Null for an alert that came in while no run was active. */
	runId: string | null;
	case: string | null;
	/** `ended`: it still fired when its load ended, and nobody watches it any more. */
	state: "firing" | "resolved" | "ended";
	startedAt: string;
	endedAt: string | null;
	acknowledgedAt: string | null;
	acknowledgedBy: string | null;
	/** From its start to when somebody took it on. */
	timeToAcknowledgeMs: number | null;
}

/** What the desk needs of a run. */
export type DeskRun = Pick<Run, "id" | "document" | "events" | "nowMs" | "pendingAlerts">;

export interface DeskOptions {
	runs: { readonly active: DeskRun | null } & Pick<RunManager, "acknowledge">;
	received: ReceivedAlerts;
	sinks: readonly SinkQueue[];
	/** Wall clock. */
	nowMs(): number;
}

interface Entry {
	view: AlertView;
	/** By then it had fired, from its run's zero; null where it has no run. */
	firedByMs: number | null;
	received: ReceivedFiring | null;
}

const keptMax = 500;

/** Every alert of this daemon's time, of plans and from outside: shown, acknowledged, and told to the sinks. */
export class AlertDesk {
	readonly #options: DeskOptions;
	/** Newest last. */
	#entries: Entry[] = [];

	constructor(options: DeskOptions) {
		this.#options = options;
	}

	/** Newest first. */
	get alerts(): AlertView[] {
		this.#note(this.#options.received.expire(this.#options.nowMs()));
		return this.#entries.map(({ view }) => view).reverse();
	}

	/** So many of them, newest first; only those older than this id. */
	page(limit: number, before: string | null): AlertView[] {
		const all = this.alerts;
		if (before === null) return all.slice(0, limit);
		const place = all.findIndex(({ id }) => id === before);
		if (place === -1)
			throw new FaultlineError("FLT_NOT_FOUND", `no alert "${before}"`, "GET /alerts lists them");
		return all.slice(place + 1, place + 1 + limit);
	}

	/** Rules of the active run that match and do not fire yet. */
	get pending(): { rule: string; runId: string }[] {
		const { active } = this.#options.runs;
		return active?.pendingAlerts.map((rule) => ({ rule, runId: active.id })) ?? [];
	}

	get #sinksNow() {
		return this.#options.sinks.filter(({ sink }) => sink.isThere?.() ?? true);
	}

	/** How each sink does. */
	get sinks() {
		return this.#sinksNow.map(({ sink: { kind, target }, counts, waitingCount }) => {
			return { kind, target, waitingCount, ...counts };
		});
	}

	/** Hears of the run's alerts from its first event to its last. */
	follow(run: DeskRun): void {
		run.events.follow(0, (event) => this.#hear(run, event));
	}

	/** Takes alerts in, as Alertmanager does. */
	receive(posted: readonly PostedAlert[]): void {
		this.#note(this.#options.received.take(posted, this.#options.nowMs()));
	}

	/** Somebody takes an alert on. The first one counts: again, it changes nothing. */
	acknowledge(id: string, by: string): AlertView {
		const entry = this.#entries.find(({ view }) => view.id === id);
		if (entry === undefined)
			throw new FaultlineError("FLT_NOT_FOUND", `no alert "${id}"`, "GET /alerts lists them");
		const { view, received, firedByMs } = entry;
		if (view.acknowledgedAt !== null) return view;
		const nowMs = this.#options.nowMs();
		view.acknowledgedAt = new Date(nowMs).toISOString();
		view.acknowledgedBy = by;
		view.timeToAcknowledgeMs = Math.max(0, nowMs - Date.parse(view.startedAt));
		if (received !== null) received.acknowledgedAtMs = nowMs;
		const { runId, rule, origin } = view;
		if (runId !== null && firedByMs !== null)
			this.#options.runs.acknowledge(runId, { rule, origin, case: view.case, firedByMs }, by);
		return view;
	}

	/** What waits for a sink may still go out for `graceMs`. */
	async close(graceMs: number): Promise<void> {
		const { sinks } = this.#options;
		const { promise: late, resolve } = Promise.withResolvers<void>();
		const timer = setTimeout(resolve, graceMs);
		await Promise.race([Promise.all(sinks.map((queue) => queue.idle())), late]);
		clearTimeout(timer);
		await Promise.all(sinks.map((queue) => queue.close()));
	}

	#hear(run: DeskRun, event: RunEvent): void {
		if (event.type === "state" && !loadStates.has(event.state)) {
			for (const entry of this.#open(run.id)) this.#end(run, entry, "ended");
			return;
		}
		if (event.type !== "alert" || event.origin !== "plan") return;
		switch (event.change) {
			case "fired":
				this.#add({
					view: this.#viewOf(event.rule, "plan", {}, run.id, event.case),
					firedByMs: event.ms,
					received: null,
				});
				this.#tell(run, this.#entries.at(-1)!.view, "fired");
				return;
			case "resolved":
				for (const entry of this.#open(run.id))
					if (entry.view.rule === event.rule && entry.view.case === event.case)
						this.#end(run, entry, "resolved");
				return;
			case "acknowledged":
				return;
			default:
				event satisfies never;
		}
	}

	/** Of this run's plan, and still firing. */
	#open(runId: string): Entry[] {
		return this.#entries.filter(
			({ view }) => view.runId === runId && view.origin === "plan" && view.state === "firing",
		);
	}

	#end(run: DeskRun, { view }: Entry, state: "resolved" | "ended"): void {
		view.state = state;
		view.endedAt = new Date(this.#options.nowMs()).toISOString();
		this.#tell(run, view, state);
	}

	/** Alerts from outside are not told to the sinks: they come from where those lead. */
	#note(changes: readonly ReceivedChange[]): void {
		const run = this.#options.runs.active;
		for (const { firing, change } of changes) {
			const { rule, labels, startedAtMs, resolvedAtMs } = firing;
			if (change === "fired") {
				const view = this.#viewOf(rule, "received", labels, run?.id ?? null, null);
				view.startedAt = new Date(startedAtMs).toISOString();
				this.#add({ view, firedByMs: run?.nowMs ?? null, received: firing });
			} else {
				const entry = this.#entries.find(({ received }) => received === firing);
				if (entry !== undefined && resolvedAtMs !== null)
					Object.assign(entry.view, {
						state: "resolved",
						endedAt: new Date(resolvedAtMs).toISOString(),
					});
			}
			run?.events.emit({ type: "alert", rule, change, case: null, origin: "received" });
		}
	}

	#viewOf(
		rule: string,
		origin: AlertView["origin"],
		labels: Record<string, string>,
		runId: string | null,
		caseId: string | null,
	): AlertView {
		return {
			id: `alert-${randomBytes(4).toString("hex")}`,
			rule,
			origin,
			labels,
			runId,
			case: caseId,
			state: "firing",
			startedAt: new Date(this.#options.nowMs()).toISOString(),
			endedAt: null,
			acknowledgedAt: null,
			acknowledgedBy: null,
			timeToAcknowledgeMs: null,
		};
	}

	/** The oldest that are over make room. */
	#add(entry: Entry): void {
		this.#entries.push(entry);
		let over = this.#entries.length - keptMax;
		if (over > 0)
			this.#entries = this.#entries.filter(({ view }) => view.state === "firing" || over-- <= 0);
	}

	#tell(run: DeskRun, view: AlertView, change: Notification["change"]): void {
		const { id, rule, case: caseId, startedAt, endedAt } = view;
		const { scenario } = run.document;
		const notification = { id, rule, change, runId: run.id, scenario, case: caseId };
		for (const queue of this.#sinksNow) queue.put({ ...notification, startedAt, endedAt });
	}
}

/** While they last, the rules of a plan are watched. */
const loadStates: ReadonlySet<string> = new Set(["warming", "steady", "faulting", "recovering"]);
