import { monotonic, msSince } from "../../base/clock.ts";
import { FaultlineError } from "../../base/errors.ts";
import { type FaultRecord, healPending } from "../../chaos/injection.ts";
import { loadKind } from "../../chaos/kinds.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import { type LiveFault, LiveFaults } from "../../chaos/live-faults.ts";
import { proxyTable } from "../../toxiproxy/proxies.ts";
import type { RunDocument } from "../runs/document.ts";
import type { RunManager } from "../runs/manager.ts";
import { type RunStack, standingProxyNames } from "../runs/stage.ts";
import { RunTarget, recoveryTarget } from "../runs/target.ts";

export interface HealedAll {
	/** Faults that were in force and are healed now, those of the run included. */
	healed: FaultRecord[];
	stoppedRuns: string[];
	/** Why something could not be healed; it stays in the ledger. */
	failures: string[];
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
	readonly #faults: LiveFaults;

	constructor(runs: RunManager, stack: RunStack, ledger: Ledger) {
		this.#runs = runs;
		this.#stack = stack;
		this.#ledger = ledger;
		const zeroNs = monotonic();
		this.#faults = new LiveFaults({
			...{ ledger, runId: null, case: null },
			target: standingTarget(stack),
			nowMs: () => msSince(zeroNs, monotonic()),
			onChange() {},
		});
	}

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
		this.#runs.block(`${failures.join("; ")}; POST /heal tries again, POST /heal/release goes on`);
	}

	/** In force now, those of the active run included. */
	get active(): FaultRecord[] {
		const ofRun = this.#runs.active?.faults ?? [];
		return [
			...ofRun.filter(({ state }) => state === "injected" || state === "heal_failed"),
			...this.#faults.records,
		];
	}

	async inject(fault: LiveFault): Promise<FaultRecord> {
		const { blocked } = this.#runs;
		if (blocked !== null)
			throw new FaultlineError(
				"FLT_CONFLICT",
				`no fault is injected now: ${blocked}`,
				"POST /heal/release (faultline heal --release) lets them in again",
			);
		const { acts } = await loadKind(fault.kind);
		const run = this.#runs.active;
		return run?.reaches(fault.on, acts) ? run.inject(fault) : this.#faults.inject(fault);
	}

	/** The healed record; `FLT_NOT_FOUND` where no such fault is in force. */
	async heal(id: string): Promise<FaultRecord> {
		const record = (await this.#faults.heal(id)) ?? (await this.#runs.active?.healFault(id));
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
		const failures = await healPending(recoveryTarget(this.#stack), this.#ledger);
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
}

/** The standing path of each service that is up, by the service's name, and the services' own processes. */
function standingTarget(stack: RunStack): RunTarget {
	const services = proxyTable.map(({ name }) => name);
	const target = new RunTarget(stack, services, null);
	for (const service of services) {
		const [endpoint, direct] = [stack.proxied(service), stack.endpoint(service)];
		if (endpoint === null || direct === null) continue;
		const proxies = standingProxyNames(stack, service);
		target.paths.set(service, { proxies, endpoint, direct });
	}
	return target;
}
