import { monotonic } from "../../base/clock.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { standingServices } from "../../base/services.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { PaceChange } from "../../load/dues.ts";
import { wantedBy } from "../../scenarios/contract/needs.ts";
import { resolveParams } from "../../scenarios/contract/params.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import { type Acknowledged, acknowledgeAmong } from "../alerts/acknowledge.ts";
import { ReceivedAlerts } from "../alerts/received.ts";
import { readAlertSettings } from "../alerts/settings.ts";
import type { RunHost } from "../host/channel.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import { abandoned } from "../record/abandoned.ts";
import { briefOf, type RunBrief } from "../record/brief.ts";
import type { RunDocument } from "../record/document.ts";
import type { RunEvent } from "../record/events.ts";
import { newDocument } from "../record/new-document.ts";
import type { RunStore } from "../record/store.ts";
import { againOf, retriesDefault } from "../record/tries.ts";
import { cleanUpRun, uncleaned } from "../stage/clean-up.ts";
import type { RunStack } from "../stage/stage.ts";
import { CalmGate } from "../watch/calm.ts";
import type { KnownDrivers } from "./check-paths.ts";
import { openPlanHost, preflight } from "./preflight.ts";
import { RunQueue } from "./queue.ts";
import { Run, type RunOptions } from "./run.ts";
import { modeOf, paramsOf, type RunRequest } from "./run-mode.ts";
import { noTools, type RunTools } from "./run-tools.ts";

export interface ManagerOptions {
	stack: RunStack;
	store: RunStore;
	ledger: Ledger;
	/** Why a service can't be used, or null where it can. */
	missing(service: string): FaultlineError | null;
	/** Programs that scenarios need; without, one that needs any is refused. */
	tools?: RunTools;
	/** Alerts from outside, which runs score; default none. */
	received?: ReceivedAlerts;
	/** How many runs may wait; default more than a night has. */
	queueMax?: number;
	log(message: string): void;
	/** Called when a run has ended. */
	afterRun?(): void;
}

/** What a try of a run has of the one before. */
type Asked = Pick<RunOptions, "params" | "description" | "mode" | "wanted">;

/** Runs, one at a time: starts, queues, stops and finds them. */
export class RunManager {
	readonly #options: ManagerOptions;
	readonly #queue: RunQueue;
	/** The runs that wait or run. */
	readonly #runs = new Map<string, Run>();
	readonly #calm = new CalmGate();
	readonly #received: ReceivedAlerts;
	readonly #tools: RunTools;
	readonly #followers: ((run: Run) => void)[] = [];
	/** What is known of drivers: it takes a host to ask them. */
	readonly #drivers: KnownDrivers = new Map();
	#blocked: string | null = null;
	#closed = false;

	constructor(options: ManagerOptions) {
		this.#options = options;
		this.#queue = new RunQueue(options.queueMax ?? queueMaxDefault, (run) => {
			// From now on it is read from the disk, its events too.
			this.#runs.delete(run.id);
			options.afterRun?.();
		});
		this.#tools = options.tools ?? noTools;
		this.#received =
			options.received ?? new ReceivedAlerts(readAlertSettings(undefined, []).incoming);
	}

	/** Calls back with every run that is queued from now on, before anything happens in it. */
	onRun(follower: (run: Run) => void): void {
		this.#followers.push(follower);
	}

	get active(): Run | null {
		return this.#queue.active;
	}

	/**
	 * Resolves the parameters, holds the plan against itself, and queues the run. Everything that is wrong with the
	 * request is thrown here, before anything starts.
	 */
	async start(
		description: ScenarioDescription,
		given: Record<string, unknown>,
		request: RunRequest = { kind: "scenario" },
	): Promise<Run> {
		const { params: schema, sizes, guarded } = description;
		const resolve = (given: Record<string, unknown>) =>
			resolveParams({ schema, sizes, guarded }, given);
		const resolved = resolve(given);
		const mode = modeOf(request, (changed) => resolve({ ...given, ...changed }).params);
		this.#mustHave([...description.needs, "toxiproxy"]);
		const planHost = await openPlanHost(description, this.#options.stack);
		let unused: RunHost | null = planHost;
		try {
			const { allowDestructive } = resolved;
			const cases: RunParams[] = [];
			for (const params of paramsOf(mode) ?? [resolved.params]) {
				const asked = { description, params, mode, allowDestructive };
				cases.push(...(await preflight(asked, planHost, this.#options.stack, this.#drivers)));
			}
			const { services, tools: wanted } = wantedBy(description, cases);
			this.#mustHave(services);
			for (const tool of wanted) {
				const missing = await this.#tools.missing(tool);
				if (missing !== null) throw missing;
			}
			this.#mustTakeMore();
			this.#queue.mustHaveRoom();
			const expect = request.kind === "scenario" ? request.expect : undefined;
			const { retries, ...settled } = resolved;
			const left = mode.kind === "scenario" ? (retries ?? retriesDefault) : 0;
			const described = { ...description, needs: services };
			const document = newDocument(described, settled, expect);
			const what = { document, params: settled.params, description: described, mode, wanted };
			// Who waits in the queue would keep it, and old code in it; and tools change its environment.
			const goesOn = this.#queue.isIdle && wanted.length === 0;
			const run = this.#make({ ...what, planHost: goesOn ? planHost : null }, left);
			if (goesOn) unused = null;
			this.#queue.append(run);
			return run;
		} finally {
			await unused?.close();
		}
	}

	/** All of these can be had, or the first that can't is named with how to get it. */
	#mustHave(services: readonly string[]): void {
		for (const service of services) {
			const missing = this.#options.missing(service);
			if (missing !== null) throw missing;
		}
	}

	#mustTakeMore(): void {
		if (this.#blocked === null) return;
		throw new FaultlineError(
			"FLT_CONFLICT",
			`no run is started now: ${this.#blocked}`,
			"start it again when it is released, or the daemon is back",
		);
	}

	/** A run that is known, and not queued yet; `left`: how often it may be tried again. */
	#make(what: Asked & Pick<RunOptions, "document" | "planHost">, left: number): Run {
		const { stack, store, ledger, log } = this.#options;
		const clock = monotonic;
		const received = this.#received;
		const run = new Run({
			...what,
			stack,
			store,
			ledger,
			clock,
			received,
			tools: this.#tools,
			calm: this.#calm,
			log,
			again: (document) => (left > 0 ? this.#again(what, document, left - 1) : null),
		});
		for (const follower of this.#followers) follower(run);
		this.#runs.set(run.id, run);
		return run;
	}

	/** Queues a run once more, before whatever else waits; null where nothing may begin any more. */
	#again(what: Asked, before: RunDocument, left: number): string | null {
		if (this.#blocked !== null) return null;
		const { changed, seedDrawn, allowDestructive, expect } = before;
		const asked = { params: what.params, changed, seedDrawn, allowDestructive };
		const document = newDocument(what.description, asked, expect, againOf(before));
		try {
			const run = this.#make({ ...what, document, planHost: null }, left);
			this.#queue.putFirst(run);
			return run.id;
		} catch (error) {
			// Such as a full disk; the run that ends here is not to be lost for it.
			this.#options.log(`run ${before.runId} is not tried again: ${messageOf(error)}`);
			return null;
		}
	}

	/** Resolves with the record of its last try. */
	async lastTry(run: Run): Promise<RunDocument> {
		let document = await run.ended;
		while (document.tries.next !== null) {
			const next = this.#runs.get(document.tries.next);
			document = next === undefined ? this.read(document.tries.next) : await next.ended;
		}
		return document;
	}

	/** The run while it lives in this daemon. */
	live(runId: string): Run | null {
		return this.#runs.get(runId) ?? null;
	}

	read(runId: string): RunDocument {
		return this.#runs.get(runId)?.document ?? this.#options.store.read(runId);
	}

	/** Newest first; `before` is a run id. */
	list(limit: number, before: string | null): RunBrief[] {
		return this.#options.store.list(limit, before).map((brief) => {
			const live = this.#runs.get(brief.runId);
			return live === undefined ? brief : briefOf(live.document);
		});
	}

	eventsOf(runId: string): RunEvent[] {
		return this.#options.store.readEvents(runId);
	}

	/** Ends it, or the run that tries it again. */
	async stop(runId: string, why: string): Promise<RunDocument> {
		const document = this.read(runId);
		if (document.tries.next !== null) return this.stop(document.tries.next, why);
		const run = this.#runs.get(runId);
		if (run === undefined) return document;
		if (this.#queue.takeOut(run)) this.#runs.delete(runId);
		return run.stop(why);
	}

	/** Another pace for a load of a run that is under way. */
	async steer(runId: string, load: string, change: PaceChange): Promise<void> {
		const run = this.#runs.get(runId);
		if (run !== undefined) return run.steer(load, change);
		const { state } = this.#options.store.read(runId);
		throw new FaultlineError(
			"FLT_CONFLICT",
			`run ${runId} is ${state}: it has no load`,
			"loads run from warming to the end of recovering",
		);
	}

	/**
	 * Does this while no run is under way: at once, or after the one that is, and the next waits for it. For work that
	 * would disturb what a run measures, and must not wait for a whole queue.
	 */
	between<T>(work: () => Promise<T>): Promise<T> {
		return this.#queue.between(work);
	}

	/** Somebody took on what fired in a run; of one that is over it goes into the record. */
	acknowledge(runId: string, firing: Acknowledged, by: string): void {
		const run = this.#runs.get(runId);
		if (run !== undefined) {
			run.acknowledge(firing, by);
			return;
		}
		const { store } = this.#options;
		const document = store.read(runId);
		const ms = Date.now() - Date.parse(document.startedAt ?? document.queuedAt);
		if (!acknowledgeAmong(document.alerts, firing, ms)) return;
		store.save(document);
		const { rule, origin, case: caseId } = firing;
		const id = store.readEvents(runId).length + 1;
		store.appendEvent(runId, {
			id,
			ms,
			type: "alert",
			change: "acknowledged",
			by,
			rule,
			origin,
			case: caseId,
		});
	}

	/** Why nothing new may begin; null where it may. */
	get blocked(): string | null {
		return this.#blocked;
	}

	/** Takes no more runs until it is unblocked. */
	block(why: string): void {
		this.#blocked = why;
	}

	unblock(): void {
		if (!this.#closed) this.#blocked = null;
	}

	/** Ends everything that runs or waits. */
	async stopAll(why: string): Promise<RunDocument[]> {
		return Promise.all(this.#queue.empty().map((run) => run.stop(why)));
	}

	/** Ends everything, and takes no more: the daemon stops. */
	async close(why: string): Promise<void> {
		this.#closed = true;
		this.block(why);
		await this.stopAll(why);
	}

	/**
	 * For every run that an earlier daemon left unfinished: removes what it had made and marks it as crashed. Comes
	 * after the ledger was healed, and before anything may start.
	 */
	async recover(): Promise<string[]> {
		const { store, log } = this.#options;
		for (const failure of await this.sweep()) log(failure);
		const recovered: string[] = [];
		for (const id of store.unfinished()) {
			store.save(abandoned(store.read(id), new Date().toISOString()));
			recovered.push(id);
		}
		return recovered;
	}

	/**
	 * Removes what runs that are over left behind because a service was away; why something still can't be removed. It
	 * is tried again whenever the service may be back.
	 */
	async sweep(): Promise<string[]> {
		const { store, stack, log } = this.#options;
		const failures: string[] = [];
		for (const id of uncleaned(stack.home)) {
			if (this.#runs.has(id)) continue;
			try {
				// Whoever removed the record did not say what the run had needed.
				const needs = store.has(id) ? store.read(id).needs : standingServices;
				const release = await stack.lease(needs, log, AbortSignal.timeout(sweepLimitMs));
				await cleanUpRun(stack, id, needs).finally(release);
			} catch (error) {
				failures.push(`what run ${id} left could not be removed: ${messageOf(error)}`);
			}
		}
		return failures;
	}
}

/** More than a night of them: whoever starts more has a loop that does not end. */
const queueMaxDefault = 100;
/** For a service to be started again in which a run has left something. */
const sweepLimitMs = 60_000;
