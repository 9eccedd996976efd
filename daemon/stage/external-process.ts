import { pause } from "../../base/clock.ts";
import { FaultlineError } from "../../base/errors.ts";
import { type HostPort, hostPortText } from "../../base/host-port.ts";
import { commandOf, listenersOn } from "../../base/listeners.ts";
import { isLoopback } from "../../base/loopback.ts";
import {
	identify,
	isAlive,
	type ProcessIdentity,
	sameProcess,
	treeOf,
} from "../../base/process.ts";
import { untouchable } from "./untouchable.ts";

/** How long one that a fault has ended may take to be there again. */
const backLimitDefaultMs = 10_000;
const lookEveryMs = 50;

export interface ExternalProcessOptions {
	/** The path that leads to it. */
	path: string;
	/** Where connections to it arrive; null where that is no port. */
	at: HostPort | null;
	/** The one that the plan names, else null: whoever listens there. */
	pid: number | null;
	/** The processes of this home, which are broken by their own names. */
	own(): Promise<readonly ProcessIdentity[]>;
	/** How long it may take to be there again; default ten seconds. */
	backLimitMs?: number;
}

/**
 * The process behind a path that runs anyhow: the one that the plan names, else whoever listens on the port. Once it is
 * known it is that very one, until it has ended; who listens on the port then has taken its place.
 */
export class ExternalProcess {
	readonly #options: ExternalProcessOptions;
	#known: ProcessIdentity | null = null;
	/** The one that was found to be nobody that must be left alone. */
	#cleared: ProcessIdentity | null = null;
	/** Whether what it was told by can tell who takes its place. */
	#isListener = true;
	#lookedAtMs = Number.NEGATIVE_INFINITY;
	/** Until when one that has ended is waited for, however often it is asked for; null while it lives. */
	#backByMs: number | null = null;

	constructor(options: ExternalProcessOptions) {
		this.#options = options;
	}

	/** As it was when it was last looked for; null where nobody could be told. For who reads and does nothing to it. */
	get known(): ProcessIdentity | null {
		return this.#known;
	}

	/** It as it is, or was a moment ago, or why it can't be told. Nothing is done to it. */
	look(): Promise<ProcessIdentity | string> {
		return this.#look(lookEveryMs);
	}

	/** It as it was at most this long ago. */
	async #look(withinMs: number): Promise<ProcessIdentity | string> {
		if (this.#known !== null && isAlive(this.#known)) return this.#known;
		const { pid } = this.#options;
		if (pid !== null && this.#known === null) return this.#named(pid);
		if (!this.#isListener)
			return `process ${pid} has ended, and it did not listen there: nobody can tell which one has taken its place`;
		return this.#listener(withinMs);
	}

	/** It, for a fault that breaks it; throws where nobody can be told, and where it is not to be touched. */
	async toBreak(): Promise<ProcessIdentity> {
		const found = await this.#look(0);
		if (typeof found === "string")
			throw new FaultlineError(
				"FLT_COMPONENT_MISSING",
				`path "${this.#options.path}": ${found}`,
				"start it, or name its process in the plan: { url, pid }",
			);
		if (this.#cleared !== null && sameProcess(this.#cleared, found)) return found;
		const why = await untouchable(found, await this.#options.own());
		if (why === null) {
			this.#cleared = found;
			return found;
		}
		throw new FaultlineError(
			"FLT_FORBIDDEN",
			`path "${this.#options.path}": process ${found.pid} (${commandOf(found.pid)}) is not touched: ${why}`,
			"name another by { url, pid }, or leave out the faults on its process",
		);
	}

	/**
	 * Waits until whoever looks after it has started it again, which is nobody here: rejects when the time for that is over,
	 * counted from when it was asked for first, and nobody listens on its port.
	 */
	async comeBack(): Promise<void> {
		const { path, at, backLimitMs = backLimitDefaultMs } = this.#options;
		for (;;) {
			// Nobody is told that it stayed away by a look from before its time was over.
			const isOver = this.#backByMs !== null && performance.now() >= this.#backByMs;
			const found = await this.#look(isOver ? 0 : lookEveryMs);
			if (!this.#isListener || typeof found !== "string") {
				this.#backByMs = null;
				return;
			}
			this.#backByMs ??= performance.now() + backLimitMs;
			if (isOver)
				throw new FaultlineError(
					"FLT_HEAL_FAILED",
					`process ${this.#known?.pid} of path "${path}" was ended, and within ${backLimitMs / 1_000} s nobody listened on ${at === null ? "its port" : hostPortText(at)} again; Faultline has not started it and can't start it: start it yourself, and let a supervisor look after what is to be killed`,
					"start it",
				);
			await pause(lookEveryMs);
		}
	}

	async #named(pid: number): Promise<ProcessIdentity | string> {
		const found = identify(pid);
		if (found === null) return `there is no process ${pid}`;
		const tree = new Set((await treeOf(found)).map((member) => member.pid));
		this.#isListener = (await this.#listeners()).some((listener) => tree.has(listener.pid));
		this.#known = found;
		return found;
	}

	async #listener(withinMs: number): Promise<ProcessIdentity | string> {
		const { at } = this.#options;
		if (at === null) return "it is behind a socket of the file system";
		if (!isLoopback(at.host)) return `${at.host} is not on this machine, as far as is known`;
		// Who waits for it asks often, and each look reads of every process what it has open.
		const isFresh = performance.now() - this.#lookedAtMs < withinMs;
		const found = isFresh ? [] : await this.#listeners();
		if (!isFresh) this.#lookedAtMs = performance.now();
		const [first, ...others] = found;
		if (first === undefined) return `no process of this user is seen to listen on port ${at.port}`;
		if (others.length > 0)
			return `processes ${found.map(({ pid }) => pid).join(", ")} listen on port ${at.port}`;
		this.#known = first;
		return first;
	}

	async #listeners(): Promise<ProcessIdentity[]> {
		const { at } = this.#options;
		return at === null ? [] : listenersOn(at.port);
	}
}
