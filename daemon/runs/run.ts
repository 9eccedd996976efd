import { mkdirSync } from "node:fs";
import { type Clock, msSince } from "../../base/clock.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import type { ServiceId } from "../../base/services.ts";
import { processesOf } from "../../base/services.ts";
import type { FaultRecord } from "../../chaos/injection.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { PaceChange } from "../../load/dues.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import { type Acknowledged, acknowledgeAmong } from "../alerts/acknowledge.ts";
import type { ReceivedAlerts } from "../alerts/received.ts";
import { type HostEvent, RunHost } from "../host/channel.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import { isAsExpected } from "../judgement/as-expected.ts";
import { reasonsOf } from "../judgement/reasons.ts";
import { standardMetrics } from "../judgement/standard-metrics.ts";
import { timingsOf } from "../judgement/timings.ts";
import { judgeRun } from "../judgement/verdict.ts";
import type { CaseResult } from "../record/case-result.ts";
import { isFinal, type Reason, type RunDocument, type RunState } from "../record/document.ts";
import { EventLog } from "../record/events.ts";
import type { MeteredInterval } from "../record/interval.ts";
import type { RunStore } from "../record/store.ts";
import { timingsText } from "../record/timings.ts";
import { blamesMachine } from "../record/tries.ts";
import { cleanUpRun } from "../stage/clean-up.ts";
import { type Needed, watchComponents } from "../stage/component-watch.ts";
import { type RunStack, workFolderOf } from "../stage/stage.ts";
import { type CalmGate, calmText } from "../watch/calm.ts";
import { Interrupt, isWithoutHost, RunEnd, runEndOf } from "../watch/interrupt.ts";
import type { Case } from "./case.ts";
import type { CaseFaults } from "./case-faults.ts";
import type { CaseRun } from "./case-run.ts";
import { loadMode, type RunMode } from "./run-mode.ts";
import { fetchTools, type RunTools, withTools } from "./run-tools.ts";
import type { RunWork } from "./run-work.ts";

const openLimitMs = 10_000;

export interface RunOptions {
	document: RunDocument;
	/** As they were given; the record has them without what is secret. */
	params: RunParams;
	description: ScenarioDescription;
	mode: RunMode;
	stack: RunStack;
	store: RunStore;
	ledger: Ledger;
	clock: Clock;
	received: ReceivedAlerts;
	tools: RunTools;
	/** The ids of those that it needs. */
	wanted: readonly string[];
	/** Where its plan was made, open still: its scenario's code goes on there. Null: it opens its own. */
	planHost: RunHost | null;
	calm: CalmGate;
	log(message: string): void;
	/** It is over and told nothing, for the machine was to blame: the id of the run that tries it again, or null. */
	again(document: RunDocument): string | null;
}

/** One run, from its place in the queue to its final state. Nothing that scenario code does ends the daemon. */
export class Run {
	readonly document: RunDocument;
	readonly events: EventLog;
	/** Resolves with the document in its final state. */
	readonly ended: Promise<RunDocument>;
	readonly #options: RunOptions;
	readonly #interrupt = new Interrupt();
	readonly #results: CaseResult[] = [];
	readonly #resolveEnded: (document: RunDocument) => void;
	#zeroNs: bigint;
	#current: Case | null = null;
	#unwritable = false;
	#calmed = false;
	/** With the tools that it needs, once they are there. */
	#stack: RunStack;
	/** Its turn has come: from now on `perform` ends it. */
	#begun = false;
	/** Until it is taken. */
	#planHost: RunHost | null;

	constructor(options: RunOptions) {
		this.#options = options;
		this.#planHost = options.planHost;
		this.document = options.document;
		this.#stack = options.stack;
		this.#zeroNs = options.clock();
		const { promise, resolve } = Promise.withResolvers<RunDocument>();
		this.ended = promise;
		this.#resolveEnded = resolve;
		this.events = new EventLog({
			nowMs: () => this.nowMs,
			keep: (event) => this.#written(() => options.store.appendEvent(this.document.runId, event)),
		});
		options.store.create(this.document);
		this.events.emit({ type: "state", state: "queued", case: null });
	}

	get id(): string {
		return this.document.runId;
	}

	/** Ends it as stopped: faults are healed first. Right in any state, any number of times. */
	async stop(why: string): Promise<RunDocument> {
		this.#interrupt.raise(new RunEnd("stopped", why));
		await this.#current?.healFaults();
		if (this.document.state === "queued" && !this.#begun)
			this.#finish("aborted", [{ code: "stopped", message: why }]);
		return this.ended;
	}

	/** Another pace for one of its loads. */
	async steer(load: string, change: PaceChange): Promise<void> {
		if (this.#current !== null) return this.#current.steer(load, change);
		throw new FaultlineError(
			"FLT_CONFLICT",
			`run ${this.id} is ${this.document.state}: it has no load`,
			"loads run from warming to the end of recovering",
		);
	}

	/** Its faults so far: they come into the document at the end. */
	get faults(): FaultRecord[] {
		return this.#results.flatMap((result) => result.faults);
	}

	/** Those of the case that is under way, while its load runs: people can add to them. */
	get liveFaults(): CaseFaults | null {
		return this.#current?.liveFaults ?? null;
	}

	/** Rules that match and do not fire yet. */
	get pendingAlerts(): string[] {
		return this.#current?.pendingAlerts ?? [];
	}

	/** Somebody took a firing on: into the facts where its case is judged, else into what they are made of. */
	acknowledge(firing: Acknowledged, by: string): void {
		const atMs = this.nowMs;
		const judged = this.#results.flatMap(({ facts }) => facts?.alerts ?? []);
		if (!acknowledgeAmong(judged, firing, atMs)) this.#current?.acknowledge(firing, atMs);
		const { rule, origin, case: caseId } = firing;
		this.events.emit({ type: "alert", change: "acknowledged", by, rule, origin, case: caseId });
	}

	/** Milliseconds from its zero. */
	get nowMs(): number {
		return msSince(this.#zeroNs, this.#options.clock());
	}

	/** Its turn has come. Never throws; the outcome is in the document. */
	async perform(): Promise<void> {
		if (isFinal(this.document.state)) return; // stopped while it waited
		this.#begun = true;
		this.#zeroNs = this.#options.clock();
		this.document.startedAt = new Date().toISOString();
		const { stack, description } = this.#options;
		const reasons: Reason[] = [];
		let state: RunState = "done";
		let [release, stopWatching] = [() => {}, () => {}];
		/** The services that it may have left something in: none while they are still brought up. */
		let used: readonly ServiceId[] = [];
		try {
			release = await this.#interrupt.signalled((signal) =>
				stack.lease(description.needs, (message) => this.#say(message), signal),
			);
			used = description.needs;
			stopWatching = watchComponents(
				stack,
				() => this.#needed(),
				(what) => this.#interrupt.raise(new RunEnd("component_lost", what)),
			);
			this.#enter("preparing", null);
			await this.#perform();
		} catch (error) {
			// An error without a code of its own is a mistake of Faultline's: the run ends as crashed, and says what it was.
			const end = runEndOf(error, "crashed");
			reasons.push({ code: end.code, message: end.message });
			state = endState(end);
		} finally {
			stopWatching();
			await this.#planHost?.close();
		}
		this.#collect();
		this.#current = null;
		this.#enter("cleaning", null);
		try {
			await cleanUpRun(stack, this.id, used);
		} catch (error) {
			this.#options.log(`run ${this.id} could not be cleaned up: ${messageOf(error)}`);
			reasons.push({ code: "heal_failed", message: `clean-up failed: ${messageOf(error)}` });
		}
		release();
		this.#finish(state, reasons);
	}

	/** What was raised after the last wait, as by a full disk: it still decides. */
	#lateEnd(reasons: readonly Reason[]): RunEnd | null {
		const late = this.#interrupt.end;
		return late !== null && reasons.every(({ code }) => code !== late.code) ? late : null;
	}

	async #perform(): Promise<void> {
		const { mode, wanted, tools } = this.#options;
		const fetched = await this.#interrupt.signalled((signal) =>
			fetchTools(wanted, tools, (message) => this.#say(message), signal),
		);
		this.#stack = withTools(this.#options.stack, fetched);
		const work: RunWork = {
			document: this.document,
			params: this.#options.params,
			description: this.#options.description,
			stack: this.#stack,
			interrupt: this.#interrupt,
			events: this.events,
			results: this.#results,
			log: this.#options.log,
			nowMs: () => this.nowMs,
			enter: (state, caseId) => this.#enter(state, caseId),
			follow: (current) => {
				this.#current = current;
			},
			openHost: (part, onEvent) => this.#openHost(part, onEvent),
			caseRun: (host) => this.#caseRun(host),
		};
		return (await loadMode(mode)).perform(work, mode);
	}

	/** A run host in the folder of the run, or of one of its parts; one that dies ends the run. */
	async #openHost(part: string | null, onEvent: (event: HostEvent) => void): Promise<RunHost> {
		const { description } = this.#options;
		const stack = this.#stack;
		const folder = workFolderOf(stack.home, this.id, part);
		mkdirSync(folder, { recursive: true });
		const { memoryMb } = description.limits;
		const planHost = await this.#takePlanHost(part);
		planHost?.hear(onEvent);
		const host = planHost ?? new RunHost({ env: stack.env, cwd: folder, memoryMb, onEvent });
		void host.died.then((reason) => {
			if (reason !== null) this.#interrupt.raise(new RunEnd("host_died", reason));
		});
		const opening = host.call({ do: "open", file: description.file, folder }, openLimitMs);
		try {
			await this.#interrupt.race(opening);
			return host;
		} catch (error) {
			await host.close();
			throw error;
		}
	}

	/**
	 * Where the plan was made, for a run that is no part of anything: another process would have to start, and to load the
	 * same code. Parts are as new as each other, and it is not to be there beside them while they are measured.
	 */
	async #takePlanHost(part: string | null): Promise<RunHost | null> {
		const host = this.#planHost;
		this.#planHost = null;
		if (part === null) return host;
		await host?.close();
		return null;
	}

	/** What all cases of this run have in common. */
	#caseRun(host: RunHost): CaseRun {
		const { description, params, store, ledger, clock, received } = this.#options;
		return {
			runId: this.id,
			part: null,
			id: null,
			params,
			trial: null,
			scenarioFile: description.file,
			needs: description.needs,
			limits: description.limits,
			tolerates: description.tolerates,
			allowDestructive: this.document.allowDestructive,
			host,
			stack: this.#stack,
			ledger,
			interrupt: this.#interrupt,
			events: this.events,
			clock,
			received,
			kept: null,
			calm: () => this.#calmOnce(),
			zeroNs: this.#zeroNs,
			nowMs: () => this.nowMs,
			enter: (state, caseId) => this.#enter(state, caseId),
			keepInterval: (interval: MeteredInterval) =>
				this.#written(() => store.appendInterval(this.id, interval)),
		};
	}

	async #calmOnce(): Promise<void> {
		if (this.#calmed) return;
		this.#calmed = true;
		const message = calmText(await this.#options.calm.pass());
		if (message !== null) this.#say(message);
	}

	#say(message: string): void {
		this.events.emit({ type: "log", message });
	}

	/** What the cases found, into the document. */
	#collect(): void {
		const { document } = this;
		document.phases = this.#results.flatMap((result) => result.phases);
		document.faults = this.#results.flatMap((result) => result.faults);
		document.checks = this.#results.flatMap((result) => result.checks);
		for (const { phases, loads, facts, metrics } of this.#results) {
			const caseId = phases[0]?.case ?? null;
			for (const { name, phase, summary, counters } of loads) {
				document.loads.push({ name, case: caseId, phase, ...summary, counters });
			}
			if (facts !== null) {
				document.alerts.push(...facts.alerts);
				document.metrics.push(...standardMetrics(facts));
			}
			document.metrics.push(...metrics);
		}
		document.timings = timingsOf(this.#results);
		const cases = this.#results.flatMap(({ facts, doubt }) =>
			facts === null
				? []
				: { case: facts.case, observed: facts.observed, expected: facts.expected, doubt },
		);
		if (cases.length > 0) {
			const charts = this.#results.flatMap((result) => result.charts);
			this.#written(() => this.#options.store.saveOutcome(this.id, { schema: 1, cases, charts }));
		}
	}

	#finish(given: RunState, reasons: Reason[]): void {
		const { store } = this.#options;
		this.#written(() => store.saveHistogramLog(this.document));
		const late = this.#lateEnd(reasons);
		if (late !== null) reasons.push({ code: late.code, message: late.message });
		const state = late === null ? given : endState(late);
		const { tolerates, twinFails } = this.#options.description;
		const found = [...this.#results.flatMap((result) => reasonsOf(result, tolerates)), ...reasons];
		const judged = judgeRun(this.document.checks, found);
		this.document.verdict = judged.verdict;
		this.document.reasons = judged.reasons;
		this.document.asExpected = isAsExpected(this.document, twinFails);
		this.document.endedAt = new Date().toISOString();
		this.document.tries.next = blamesMachine(this.document)
			? this.#options.again(this.document)
			: null;
		if (found.some(({ code }) => isWithoutHost(code))) {
			this.document.counts = "bounded";
		}
		const { next } = this.document.tries;
		const again = next === null ? null : `the machine was to blame: run ${next} tries it again`;
		for (const message of [timingsText(this.document), again])
			if (message !== null) this.#say(message);
		this.#enter(state, null);
		this.events.emit({ type: "end", state, verdict: judged.verdict, reasons: judged.reasons });
		this.#resolveEnded(this.document);
	}

	#enter(state: RunState, caseId: string | null): void {
		this.document.state = state;
		this.#written(() => this.#options.store.save(this.document));
		this.events.emit({ type: "state", state, case: caseId });
	}

	/** A record that can't be written ends the run and not the daemon. */
	#written(write: () => void): void {
		try {
			write();
		} catch (error) {
			const end = new RunEnd("crashed", `the record can't be written: ${messageOf(error)}`, error);
			if (!this.#unwritable) this.#options.log(`run ${this.id}: ${end.message}`);
			this.#unwritable = true; // said once: every event would say it again
			this.#interrupt.raise(end);
		}
	}

	#needed(): Needed {
		const { needs } = this.#options.description;
		return {
			services: needs.flatMap(processesOf).filter((id) => !this.#current?.broken.has(id)),
			proxies: this.#current?.proxies ?? [],
		};
	}
}

function endState(end: RunEnd): RunState {
	switch (end.code) {
		case "stopped":
		case "aborted":
		case "check_threw":
		case "component_lost":
			return "aborted";
		default:
			return "crashed";
	}
}
