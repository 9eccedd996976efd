import { monotonic, msSince } from "../../base/clock.ts";
import { FaultlineError } from "../../base/errors.ts";
import { redacted } from "../../base/redact.ts";
import { type ServiceProcess, serviceIds } from "../../base/services.ts";
import type { Acts, Fault } from "../../chaos/fault.ts";
import { healPending } from "../../chaos/healing.ts";
import type { FaultRecord } from "../../chaos/injection.ts";
import { loadKind } from "../../chaos/kinds.ts";
import type { Ledger, LedgerEntry } from "../../chaos/ledger.ts";
import { type LiveFault, LiveFaults } from "../../chaos/live-faults.ts";
import { proxyTable } from "../../toxiproxy/proxies.ts";
import type { RunDocument } from "../record/document.ts";
import type { RunManager } from "../runs/manager.ts";
import { type RunStack, standingProxyNames } from "../stage/stage.ts";
import { RunTarget, recoveryTarget } from "../stage/target.ts";

export interface HealedAll {
	/** Faults that were in force and are healed now, those of the run included. */
	healed: FaultRecord[];
	stoppedRuns: string[];
	/** Why something could not be healed; it stays in the ledger. */
	failures: string[];
}

/** A fault in force, with what only the moment knows of it. */
export interface FaultInForce extends FaultRecord {
	/** Injected by a person: it can be healed alone. */
	byHand: boolean;
	/** Until its time limit. */
	healsInMs: number;
}

/** A fault that could not be healed so far; `undo` is what its healing would take back, without secrets. */
export type FaultLeft = Pick<
	LedgerEntry,
	"faultId" | "runId" | "kind" | "on" | "undo" | "plannedAt"
>;

/** The names that a kind can act on by hand; where it can on none, why. */
export interface Places {
	on: string[];
	unavailable: string | null;
}

/**
 * Faults that people inject into the running daemon: on the paths and subjects of the run that is active, else on the
 * standing paths and the services. And the red button: everything is healed, runs are stopped, no new fault before it
 * is released.
 */
export class FaultsByHand {
	readonly #runs: RunManager;
	readonly #ledger: Ledger;
	readonly #stack: RunStack;
	readonly #standing: RunTarget;
	readonly #faults: LiveFaults;
	readonly #zeroNs = monotonic();

	constructor(runs: RunManager, stack: RunStack, ledger: Ledger) {
		this.#runs = runs;
		this.#stack = stack;
		this.#ledger = ledger;
		this.#standing = standingTarget(stack);
		this.#faults = new LiveFaults({
			ledger,
			runId: null,
			case: null,
			target: this.#standing,
			nowMs: () => this.#nowMs(),
			onChange() {},
		});
	}

	/** Whether this daemon started that process of the stack. */
	readonly #startedHere = (process: ServiceProcess) => this.#stack.root(process) !== null;

	get blocked(): boolean {
		return this.#runs.blocked !== null;
	}

	/** Heals what an earlier daemon left; while any of it stays, no run may use what it has broken. */
	async recover(log: (line: string) => void): Promise<void> {
		const count = this.#ledger.pending.length;
		if (count === 0) return;
		const failures = await healPending(recoveryTarget(this.#stack), this.#ledger);
		for (const failure of failures) log(failure);
		log(`healed ${count - failures.length} of ${count} faults that an earlier daemon left`);
		if (failures.length === 0) return;
		this.#runs.block(
			`${failures.join("; ")}; POST /heal tries again, POST /faults/ID/drop (faultline heal --drop ID) gives one up, POST /heal/release goes on`,
		);
	}

	/** Tries again what could not be healed or removed because a server was away; why it still can't be. */
	async retry(): Promise<string[]> {
		const failures = await healPending(recoveryTarget(this.#stack), this.#ledger);
		return [...failures, ...(await this.#runs.sweep())];
	}

	/** In force now, those of the active run included. */
	get active(): FaultRecord[] {
		const ofRun = this.#runs.active?.faults ?? [];
		return [...ofRun.filter(isInForce), ...this.#faults.records];
	}

	/** What is in force, with whose it is and how long it still lasts. */
	get inForce(): FaultInForce[] {
		const run = this.#runs.active;
		return this.active.map((fault) => {
			const byHand = this.#faults.has(fault.id) || (run?.liveFaults?.isByHand(fault.id) ?? false);
			const nowMs = this.#faults.has(fault.id) ? this.#nowMs() : (run?.nowMs ?? 0);
			return { ...fault, byHand, healsInMs: Math.max(0, fault.plannedToMs - nowMs) };
		});
	}

	/** What the ledger holds and nothing that runs is about to heal, oldest first: `POST /heal` tries them again. */
	get left(): FaultLeft[] {
		const run = this.#runs.active;
		const isHeld = ({ faultId, runId }: LedgerEntry) => {
			const fault = this.active.find(({ id }) => id === faultId);
			if (fault !== undefined) return fault.state !== "heal_failed";
			return run !== null && runId === run.id;
		};
		return this.#ledger.pending
			.filter((entry) => !isHeld(entry))
			.map(({ faultId, runId, kind, on, undo, plannedAt }) => ({
				faultId,
				runId,
				kind,
				on,
				undo: redacted(undo),
				plannedAt,
			}));
	}

	/** Forgets one of `left` that somebody has taken back by other means; what was to be taken back. */
	drop(faultId: string): FaultLeft {
		const { left } = this;
		const found = left.find((one) => one.faultId === faultId);
		if (found !== undefined && this.#ledger.drop(faultId) !== null) return found;
		if (this.active.some(({ id }) => id === faultId))
			throw new FaultlineError(
				"FLT_CONFLICT",
				`fault "${faultId}" is in force`,
				"heal it; only what can't be healed is dropped",
			);
		throw new FaultlineError(
			"FLT_NOT_FOUND",
			`no fault "${faultId}" is left in the ledger`,
			`left: ${left.map((one) => one.faultId).join(", ") || "none"}`,
		);
	}

	/** Where a fault of this kind can act now, the active run's names first, or why it can't. */
	async placesOf(fault: Fault): Promise<Places> {
		const { acts, within, heals } = fault;
		const reason = (await fault.available?.(this.#startedHere)) ?? null;
		if (reason !== null) return { on: [], unavailable: reason };
		const ofRun = this.#runs.active?.liveFaults?.namesFor(fault) ?? [];
		const standing = heals === "structure" ? [] : this.#standing.namesFor(fault);
		const on = [...new Set([...ofRun, ...standing])];
		if (on.length > 0) return { on, unavailable: null };
		if (heals === "structure")
			return { on, unavailable: "it acts only on what a run has made, while its load runs" };
		if (within !== undefined)
			return { on, unavailable: "it acts only on a subject of a run, while its load runs" };
		return { on, unavailable: nothingToActOn(acts) };
	}

	async inject(fault: LiveFault): Promise<FaultRecord> {
		const { blocked } = this.#runs;
		if (blocked !== null)
			throw new FaultlineError(
				"FLT_CONFLICT",
				`no fault is injected now: ${blocked}`,
				"POST /heal/release (faultline heal --release) lets them in again",
			);
		const { acts, available } = await loadKind(fault.kind);
		const why = await available?.(this.#startedHere);
		if (typeof why === "string")
			throw new FaultlineError(
				"FLT_NO_PATH",
				`${fault.kind} is unavailable here: ${why}`,
				"GET /faults/kinds (faultline faults kinds) says of each kind whether it can act here",
			);
		const ofRun = this.#runs.active?.liveFaults;
		return ofRun?.reaches(fault.on, acts) ? ofRun.inject(fault) : this.#faults.inject(fault);
	}

	/** The healed record; `FLT_NOT_FOUND` where no such fault is in force. */
	async heal(id: string): Promise<FaultRecord> {
		const record = (await this.#faults.heal(id)) ?? (await this.#runs.active?.liveFaults?.heal(id));
		if (record != null) return record;
		const ids = this.active.map((fault) => fault.id).join(", ");
		throw new FaultlineError(
			"FLT_NOT_FOUND",
			`no fault "${id}" by hand is in force`,
			`in force: ${ids || "none"}; those of a run's timeline end with the run, or by POST /heal`,
		);
	}

	/** The red button. Any number of times. */
	async healAll(): Promise<HealedAll> {
		this.#runs.block("everything was healed and is blocked; POST /heal/release lets go on");
		const before = this.active;
		const stopping = this.#runs.stopAll("stopped by POST /heal");
		const byHand = await this.#faults.healAll();
		const stopped: RunDocument[] = await stopping;
		const failures = await this.retry();
		const ended = [...stopped.flatMap((run) => run.faults), ...byHand];
		return {
			healed: before.map((fault) => ended.find(({ id }) => id === fault.id) ?? fault),
			stoppedRuns: stopped.map(({ runId }) => runId),
			failures,
		};
	}

	release(): void {
		this.#runs.unblock();
	}

	async close(): Promise<void> {
		await this.#faults.healAll("end");
	}

	#nowMs(): number {
		return msSince(this.#zeroNs, monotonic());
	}
}

/** The standing path of each service that is up, by the service's name, and the services' own processes. */
function standingTarget(stack: RunStack): RunTarget {
	const target = new RunTarget(stack, serviceIds, null);
	for (const { name: service } of proxyTable) {
		const [endpoint, direct] = [stack.proxied(service), stack.endpoint(service)];
		if (endpoint === null || direct === null) continue;
		const proxies = standingProxyNames(stack, service);
		target.paths.set(service, { proxies, endpoint, direct });
	}
	return target;
}

/** One whose effect was not seen is in force all the same, until it is healed. */
function isInForce({ state, injectedMs, healedMs }: FaultRecord): boolean {
	return state === "heal_failed" || (injectedMs !== null && healedMs === null);
}

function nothingToActOn(acts: Acts): string {
	if (acts === "process") return "no process that this daemon started is up";
	return acts === "path" ? "no proxied path is there" : `no path leads to ${acts}`;
}
