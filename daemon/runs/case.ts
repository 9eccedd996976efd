import { pause } from "../../base/clock.ts";
import type { ProcessIdentity } from "../../base/process.ts";
import { aheadMs } from "../../chaos/timeline.ts";
import type { PaceChange } from "../../load/dues.ts";
import type { AlertFacts, Facts } from "../../scenarios/contract/facts.ts";
import type { PhaseName } from "../../scenarios/contract/phase.ts";
import { faultingMs, finiteLoads, type PlanData } from "../../scenarios/contract/plan.ts";
import { settledText } from "../../scenarios/contract/settle.ts";
import type { Acknowledged } from "../alerts/acknowledge.ts";
import { scoreWords } from "../alerts/words.ts";
import type { HostEvent } from "../host/channel.ts";
import { doubtOf } from "../judgement/doubt.ts";
import { recoveryOf } from "../judgement/recovery.ts";
import { noResult } from "../record/case-result.ts";
import type { MeteredInterval } from "../record/interval.ts";
import { Stage } from "../stage/stage.ts";
import type { SubjectExit } from "../stage/subjects.ts";
import type { RunTarget } from "../stage/target.ts";
import { CaseWatch } from "../watch/case-watch.ts";
import { isWithoutHost, RunEnd } from "../watch/interrupt.ts";
import { LoadWatch } from "../watch/load-watch.ts";
import { Pauses } from "../watch/pauses.ts";
import { CaseFaults } from "./case-faults.ts";
import type { CaseRun } from "./case-run.ts";
import { checkPlan } from "./check-plan.ts";
import { hook } from "./hook.ts";
import { steerLoad } from "./steer-load.ts";
import { UnderLoad } from "./under-load.ts";

const planLimitMs = 5_000;
const openLimitMs = 15_000;
export const judgeLimitMs = 10_000;
/** Between the order to begin and the loads' zero, so that every worker has heard it. */
const leadMs = 30;
/** Between the end of `steady` and the begin of the phase that its end has brought about. */
const phaseLeadMs = 30;
/** The last interval is reported a little after it ends. */
const reportSlackMs = 50;

/** One case of a run, from its plan to its checks. Whatever happens, `close` leaves no fault, load or subject. */
export class Case {
	readonly result = noResult();
	readonly #run: CaseRun;
	#plan!: PlanData;
	#stage: Stage | null = null;
	/** While the load runs. */
	#faults: CaseFaults | null = null;
	#loads: LoadWatch | null = null;
	readonly #underLoad: UnderLoad;
	#loading = false;
	readonly #steadyEnd = Promise.withResolvers<void>();
	#verifying = false;
	readonly #pauses: Pauses;
	#watch!: CaseWatch;

	constructor(run: CaseRun) {
		this.#run = run;
		this.#pauses = new Pauses(run.zeroNs);
		this.#underLoad = new UnderLoad(run.host.pid, {
			ours: () => this.#started(),
			all: () => [...this.#started(), ...(this.#stage?.target.runAnyhow ?? [])],
		});
	}

	/** Everything up to the end of the load. An interrupt rejects it with its `RunEnd`. */
	async perform(): Promise<void> {
		await this.prepare();
		await this.load();
	}

	/** `observe`, `truth`, then checks and metrics over the facts. */
	async verify(): Promise<void> {
		const { host, limits, params, id, events, interrupt } = this.#run;
		if (this.#stage === null || this.#loads === null) return;
		this.#verifying = true;
		const context = this.#stage.context(params, id, this.#run.trial);
		await this.#settle(context);
		const observed = await hook("observe", host.call({ do: "observe", context }, limits.hookMs));
		const expected = await hook("truth", host.call({ do: "truth", context }, limits.hookMs));
		const { phases, faults } = this.result;
		const loads = this.#loads.facts(phases);
		const { knowsSteady, recoveredMs } = this.#watch;
		const facts: Facts = {
			params,
			case: id,
			phases,
			loads,
			faults,
			alerts: this.#alertFacts(),
			recovery: recoveryOf(this.result, knowsSteady, recoveredMs.told),
			straddlingCount: 0,
			observed,
			expected,
		};
		const doubt = doubtOf(this.result, loads, this.#plan.loads, this.#watch);
		this.result.facts = facts;
		this.result.doubt = doubt;
		for (const message of facts.alerts.map(scoreWords))
			if (message !== null) events.emit({ type: "log", message });
		const judging = host.call({ do: "judge", facts, doubt }, judgeLimitMs);
		const { checks, metrics, charts } = await hook("checks", judging);
		// Only what was counted stands when the run was aborted: timings of half a run say nothing.
		const aborted = interrupt.end !== null;
		this.result.checks = checks.filter(({ kind }) => !aborted || kind === "correctness");
		this.result.metrics = metrics;
		this.result.charts = charts;
		for (const check of this.result.checks) events.emit({ type: "check", check });
		if (!aborted) {
			this.result.noticed.push(...this.#loads.reasons(phases));
			this.result.late.push(...this.#loads.late(phases), ...this.#pauses.within(phases));
		}
	}

	/** Until the pipeline has come to rest, or the scenario's limit for that; which of the two is in the record. */
	async #settle(context: ReturnType<Stage["context"]>): Promise<void> {
		const { host, limits, events } = this.#run;
		const settled = await hook("settle", host.call({ do: "settle", context }, limits.hookMs));
		if (settled !== null) events.emit({ type: "log", message: settledText(settled) });
	}

	/** Takes back faults, ends loads and subjects; any number of times, in any state. */
	async close(): Promise<void> {
		await this.healFaults();
		// A host that has died has no load left to stop.
		await this.stopLoads(true).catch(() => {});
		await this.#underLoad.end();
		const code = this.#run.interrupt.end?.code;
		this.result.loads =
			(isWithoutHost(code)
				? this.#loads?.boundedFacts(this.result.phases)
				: this.result.facts?.loads) ??
			this.#loads?.facts(this.result.phases) ??
			[];
		await this.#stage?.close();
		this.#stage = null;
	}

	/** The loads of its plan; none before it is prepared. */
	get loadNames(): string[] {
		return Object.keys(this.#plan?.loads ?? {});
	}

	/** Services that a fault of this case has broken on purpose. */
	get broken(): RunTarget["broken"] {
		return this.#stage?.target.broken ?? new Set();
	}

	/** The proxies that its paths go through, while the load runs. */
	get proxies(): string[] {
		if (!this.#loading) return [];
		return [...(this.#stage?.target.paths.values() ?? [])].flatMap(({ proxies }) => proxies);
	}

	async healFaults(): Promise<void> {
		await this.#faults?.end();
		this.#faults = null;
	}

	/** Its faults while its load runs, else null: from warming to the end of recovering. */
	get liveFaults(): CaseFaults | null {
		return this.#faults;
	}

	/** Rules that match and do not fire yet, while the load runs. */
	get pendingAlerts(): string[] {
		return this.#loading ? this.#watch.pending : [];
	}

	/** Somebody took a firing of its plan's rules on. */
	acknowledge(firing: Acknowledged, atMs: number): void {
		if (firing.origin === "plan" && firing.case === this.#run.id && this.#loads !== null)
			this.#watch.acknowledge(firing, atMs);
	}

	/** Ends the loads; `abort` gives up what is in flight, else it drains for at most one deadline. */
	async stopLoads(abort: boolean): Promise<void> {
		if (!this.#loading) return;
		this.#loading = false;
		const { host, clock } = this.#run;
		const deadlines = Object.values(this.#plan.loads).map((load) => load.deadlineMs);
		const limitMs = Math.max(0, ...deadlines) + openLimitMs;
		try {
			await host.call({ do: "stopLoads", atNs: clock(), abort }, limitMs);
		} finally {
			this.result.use = await this.#underLoad.end();
		}
		// A phase that was cut short lasted until now; one that ran its time is closed where that is known.
		if (abort) this.#closePhase(this.#run.nowMs());
	}

	/** Ends steady state now, however long it was to last; whoever plays with the loads knows when they are done. */
	endSteady(): void {
		this.#steadyEnd.resolve();
	}

	/** Another pace for a running load; refused where there is no such load, or none runs. */
	steer(load: string, change: PaceChange): Promise<void> {
		return steerLoad(this.#run, this.#loading ? this.#plan.loads : {}, load, change);
	}

	/** What the run host says beside its answers. */
	hear(event: HostEvent): void {
		const { events, interrupt } = this.#run;
		switch (event.kind) {
			case "log":
				events.emit({ type: "log", message: event.message });
				return;
			case "loadFailed":
				interrupt.raise(new RunEnd("host_died", `load ${event.load} ended: ${event.message}`));
				return;
			case "gauge":
				this.#seeGauge(event.gauge, event.value);
				return;
			case "hostPause":
				this.#pauses.see(event.pause);
				return;
			case "worker":
				for (const interval of this.#loads?.see(event.message) ?? []) this.#seeInterval(interval);
				return;
			default:
				event satisfies never;
		}
	}

	/**
	 * Hooks are cut short by an interrupt, what the stage does is not: a database whose creation nobody waits for would
	 * come to life after the clean-up.
	 */
	async prepare(): Promise<void> {
		const { host, needs, stack, params, id, trial, limits } = this.#run;
		const { runId, part, scenarioFile, zeroNs, kept, interrupt, events } = this.#run;
		const { allowDestructive } = this.#run;
		this.#plan = await interrupt.race(
			hook("plan", host.call({ do: "plan", params, trial }, planLimitMs)),
		);
		// Drivers were looked at where the run was asked for.
		const asked = { allowDestructive, drivers: new Map() };
		await checkPlan(this.#plan, needs, (id) => stack.isOurs(id), asked);
		this.#watch = new CaseWatch(this.#plan, {
			onAlert: (rule, change) =>
				events.emit({ type: "alert", rule, change, case: id, origin: "plan" }),
			onAbort: (message) => interrupt.raise(new RunEnd("aborted", message)),
		});
		this.#stage = new Stage({
			runId,
			zeroNs,
			part,
			scenarioFile,
			needs,
			kept,
			plan: this.#plan,
			stack,
			allowDestructive,
			onSubjectExit: (name, exit) => this.#seeSubjectExit(name, exit),
			say: (message) => events.emit({ type: "log", message }),
		});
		const context = () => this.#stage!.context(params, id, trial);
		interrupt.check();
		await this.#stage.open();
		const arranging = host.call({ do: "arrange", context: context() }, limits.hookMs);
		await interrupt.race(hook("arrange", arranging));
		await this.#stage.startSubjects(interrupt);
		const opening = host.call({ do: "openLoads", context: context() }, openLimitMs);
		await interrupt.race(hook("openLoads", opening));
		// Here, and not when the load begins: whoever begins two side by side counts on both from then on.
		await interrupt.race(this.#run.calm());
		await this.#underLoad.begin();
	}

	/** From the loads' begin to their end, through all phases. */
	async load(): Promise<void> {
		const { host, nowMs, interrupt, ledger, runId, id, events } = this.#run;
		const { phases, faults = [] } = this.#plan;
		const warmFromMs = Math.ceil(nowMs() + leadMs); // whole, so that sums of times are exact
		const steadyFromMs = warmFromMs + phases.warmMs;
		this.#loads = new LoadWatch(this.#plan, id, warmFromMs);
		this.#loading = true;
		const zeroNs = this.#run.zeroNs + BigInt(warmFromMs) * 1_000_000n;
		await interrupt.race(host.call({ do: "beginLoads", zeroNs }, openLimitMs));

		this.#enter("warming", warmFromMs);
		const target = this.#stage!.target;
		const records = this.result.faults;
		const options = { target, ledger, runId, case: id, nowMs, events, records };
		this.#faults = new CaseFaults(options, faults, steadyFromMs + phases.steadyMs);
		await interrupt.until(steadyFromMs, nowMs);
		this.#enter("steady", steadyFromMs);
		await this.#waitForSteady(steadyFromMs);
		if (faults.length === 0) {
			await this.#finishLoads();
			const endMs = nowMs();
			await this.#endLoads(endMs);
			this.#judgeSteady(steadyFromMs, endMs);
			return;
		}
		const faultingFromMs = await this.#announce("faulting", nowMs() + phaseLeadMs);
		const faulted = this.#faults.run(faultingFromMs);
		faulted.catch(() => {}); // heard where it is waited for
		await interrupt.until(faultingFromMs, nowMs);
		this.#enter("faulting", faultingFromMs);
		this.#judgeSteady(steadyFromMs, faultingFromMs);
		// When a fault is over that strikes at a step is not known before it is.
		const isOpen = faults.some(({ at }) => at !== undefined);
		if (isOpen) await interrupt.race(faulted);
		const recoveringFromMs = await this.#announce(
			"recovering",
			isOpen ? nowMs() + phaseLeadMs : faultingFromMs + faultingMs(this.#plan),
		);
		await interrupt.race(faulted);
		this.#enter("recovering", recoveringFromMs);
		await this.#recover(recoveringFromMs);
		await this.#finishLoads();
		await this.#endLoads(nowMs());
	}

	/** Until loads of so many operations have done all of them, or the limit for it has passed. */
	async #finishLoads(): Promise<void> {
		const { interrupt } = this.#run;
		const finite = finiteLoads(this.#plan);
		const names = [...finite.keys()];
		if (names.length === 0 || this.#loads === null) return;
		const { finishLimitMs } = this.#plan.phases;
		const over = new AbortController();
		try {
			await interrupt.race(
				Promise.race([this.#loads.ended(names), pause(finishLimitMs, over.signal)]),
			);
		} finally {
			over.abort();
		}
		for (const { load, started } of this.#loads.unended(names))
			this.result.noticed.push({
				code: "offered_not_reached",
				message: `load ${load}: of ${finite.get(load)} operations ${started} had been started ${finishLimitMs} ms after the last phase: give it a longer finishLimitMs, more at a time, or fewer of them`,
			});
	}

	/**
	 * Until steady state has held, not before `steadyMs` and not after `steadyLimitMs`: what is broken before it was whole
	 * shows nothing.
	 */
	async #waitForSteady(fromMs: number): Promise<void> {
		const { interrupt, nowMs } = this.#run;
		const { warmMs, steadyMs, intervalMs } = this.#plan.phases;
		const leastMs = fromMs + steadyMs;
		const least = async () => {
			await interrupt.until(leastMs - aheadMs, nowMs);
			this.#faults?.prepare();
			await interrupt.until(leastMs, nowMs);
			return false;
		};
		const ended = this.#steadyEnd.promise.then(() => true);
		if (await Promise.race([least(), ended])) return;
		const limitMs = fromMs + this.#plan.phases.steadyLimitMs;
		if (limitMs <= leastMs) return;
		// The last whole interval of these: its report is still to come.
		const endsMs = fromMs - warmMs + Math.floor((warmMs + steadyMs) / intervalMs) * intervalMs;
		await Promise.race([
			interrupt.race(this.#watch.steady(fromMs, endsMs)),
			interrupt.until(limitMs + reportSlackMs, nowMs),
		]);
		this.#watch.giveUp();
	}

	/** Tells the loads of their next phase, ahead of it; where it begins, in whole milliseconds. */
	async #announce(phase: PhaseName, atMs: number): Promise<number> {
		const { host, interrupt, zeroNs } = this.#run;
		const fromMs = Math.ceil(atMs);
		const fromNs = zeroNs + BigInt(fromMs) * 1_000_000n;
		await interrupt.race(host.call({ do: "beginPhase", phase, fromNs }, openLimitMs));
		return fromMs;
	}

	/** Waits for steady state, or for the limit: then the recovery is censored. */
	async #recover(fromMs: number): Promise<void> {
		const { interrupt, nowMs } = this.#run;
		const limitMs = fromMs + this.#plan.phases.recoverLimitMs;
		if (!this.#watch.knowsSteady) return interrupt.until(limitMs, nowMs);
		await Promise.race([
			interrupt.race(this.#watch.recovered(fromMs)),
			interrupt.until(limitMs + reportSlackMs, nowMs),
		]);
		this.#watch.giveUp();
	}

	/** The roots of all that the loads go to, of what was started for them. */
	#started(): ProcessIdentity[] {
		const subjects = [...(this.#stage?.target.subjects.values() ?? [])];
		return [...this.#run.stack.roots(), ...subjects.flatMap(({ identity }) => identity ?? [])];
	}

	async #endLoads(atMs: number): Promise<void> {
		await this.healFaults();
		await this.#run.interrupt.race(this.stopLoads(false));
		this.#closePhase(atMs);
	}

	/** No fault ends it. While the case is looked at its own hooks may ask it to leave, and it does so with 0. */
	#seeSubjectExit(name: string, { code, signal, lastLine }: SubjectExit): void {
		const { events, nowMs } = this.#run;
		const how = `${signal ?? `code ${code}`}${lastLine === null ? "" : `: ${lastLine}`}`;
		events.emit({ type: "log", message: `subject ${name} ended by itself: ${how}` });
		if (this.#verifying && code === 0) return;
		const message = `subject ${name} ended by itself ${Math.round(nowMs())} ms after the start and was not there any more, with ${how}; its log is subjects/${name}.log`;
		this.result.noticed.push({ code: "subject_ended", message });
	}

	#judgeSteady(fromMs: number, toMs: number): void {
		const missed = this.#watch.steadyMissed(fromMs, toMs);
		if (missed !== null) this.result.noticed.push(missed);
	}

	#seeInterval(interval: MeteredInterval): void {
		this.#run.keepInterval(interval);
		this.#run.events.emit({ type: "interval", interval: interval.view });
		this.#watch.see(interval.view);
	}

	#seeGauge(gauge: string, value: number | null): void {
		const toMs = this.#run.nowMs();
		const fromMs = toMs - this.#plan.phases.intervalMs;
		this.#run.events.emit({ type: "gauge", gauge, value, case: this.#run.id });
		this.#watch.seeGauge({ gauge, value, case: this.#run.id, fromMs, toMs });
	}

	/** Of the plan's rules and from outside. A firing counts from the end of warm-up to the end of the load. */
	#alertFacts(): AlertFacts[] {
		const { id, nowMs, received } = this.#run;
		const { phases, faults } = this.result;
		const time = { fromMs: phases[0]?.toMs ?? 0, endMs: phases.at(-1)?.toMs ?? 0 };
		const zeroAtMs = Math.round(Date.now() - nowMs());
		received.expire(Date.now());
		return [
			...this.#watch.alertFacts(id, faults, time),
			...received.factsOf({ id, zeroAtMs, fromMs: phases[0]?.fromMs ?? 0, time, faults }),
		];
	}

	#enter(phase: PhaseName, fromMs: number): void {
		const { enter, id, events } = this.#run;
		this.#closePhase(fromMs);
		this.result.phases.push({ name: phase, case: id, fromMs, toMs: fromMs });
		enter(phase, id);
		events.emit({ type: "phase", phase, case: id });
	}

	#closePhase(atMs: number): void {
		const last = this.result.phases.at(-1);
		if (last !== undefined && last.toMs === last.fromMs) last.toMs = Math.max(last.fromMs, atMs);
	}
}
