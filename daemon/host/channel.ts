import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { entryUrl } from "../../base/entry.ts";
import { FaultlineError } from "../../base/errors.ts";
import type { DaemonMessage, HostAnswers, HostCall, HostMessage } from "./protocol.ts";

const rssCheckMs = 250;
const abortGraceMs = 2_000;
const pageBytes = 4_096;

/** Messages that are no answers. */
export type HostEvent = Exclude<HostMessage, { kind: "answer" } | { kind: "failed" }>;

export interface HostOptions {
	/** The whole environment; it carries the instance mark. */
	env: Readonly<Record<string, string | undefined>>;
	cwd: string;
	memoryMb: number;
	onEvent(event: HostEvent): void;
}

/**
 * A run host, seen from the daemon. A call that exceeds its limit is aborted, and 2 s later the process is killed by
 * pid; a host over its memory is killed at once. Either way `died` says why, and the daemon goes on.
 */
export class RunHost {
	/** Resolves once the process is gone: with the reason, or null when it was closed. */
	readonly died: Promise<string | null>;
	readonly #child: ChildProcess;
	readonly #pending = new Map<
		number,
		{ resolve(value: unknown): void; reject(error: Error): void }
	>();
	/** Calls past their limit, and the kill that waits for them. */
	readonly #overdue = new Map<number, NodeJS.Timeout>();
	#onEvent: (event: HostEvent) => void;
	#nextId = 1;
	#killedFor: string | null = null;
	#diedOf: string | null = null;
	#closed = false;

	constructor(options: HostOptions) {
		this.#onEvent = options.onEvent;
		this.#child = fork(entryUrl("./run-host.ts", import.meta.url), {
			cwd: options.cwd,
			env: options.env,
			serialization: "advanced",
			// A group of its own: Ctrl-C is for the daemon, which ends the host in order.
			detached: true,
			stdio: ["ignore", "pipe", "pipe", "ipc"],
			// A host that writes to its terminal would break the dashboard; its words go into the run's log.
			execArgv: ["--no-warnings"],
		});
		for (const output of [this.#child.stdout, this.#child.stderr]) {
			output?.on("data", (text: Buffer) =>
				this.#onEvent({ kind: "log", message: text.toString().trimEnd() }),
			);
		}
		this.#child.on("message", (message) => this.#receive(message as HostMessage));
		this.#child.on("error", (error) =>
			this.#kill(`the run host could not be reached: ${error.message}`),
		);
		const watch = setInterval(() => this.#watchMemory(options.memoryMb), rssCheckMs);
		this.died = new Promise((resolve) => {
			this.#child.once("exit", (code, signal) => {
				clearInterval(watch);
				const reason = this.#killedFor ?? `the run host ended with ${signal ?? `code ${code}`}`;
				this.#diedOf = reason;
				for (const grace of this.#overdue.values()) clearTimeout(grace);
				const error = new FaultlineError(
					"FLT_HOST_DIED",
					reason,
					"see the run's events for its last words",
				);
				for (const call of this.#pending.values()) call.reject(error);
				this.#pending.clear();
				resolve(this.#closed ? null : reason);
			});
		});
	}

	get pid(): number | undefined {
		return this.#child.pid;
	}

	/** What it says from now on goes there. */
	hear(onEvent: (event: HostEvent) => void): void {
		this.#onEvent = onEvent;
	}

	/**
	 * One call, answered within `limitMs` or rejected: at the limit with `FLT_HOOK_LIMIT`, or `FLT_HOST_LATE` where no hook
	 * of the scenario is called; with the host `FLT_HOST_DIED`.
	 */
	call<K extends HostCall["do"]>(
		call: Extract<HostCall, { do: K }>,
		limitMs: number,
	): Promise<HostAnswers[K]> {
		const id = this.#nextId++;
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
			const reason = this.#diedOf ?? this.#killedFor ?? "the run host has ended";
			return Promise.reject(new FaultlineError("FLT_HOST_DIED", reason, "see the run's events"));
		}
		return new Promise<HostAnswers[K]>((resolve, reject) => {
			const limit = setTimeout(() => {
				this.#pending.delete(id);
				this.#send({ kind: "abort" });
				const grace = setTimeout(
					() => this.#kill(`it did not end ${call.do} when told to`),
					abortGraceMs,
				);
				this.#overdue.set(id, grace);
				reject(overdueError(call.do, limitMs));
			}, limitMs);
			const settle = () => clearTimeout(limit);
			this.#pending.set(id, {
				resolve: (value) => {
					settle();
					resolve(value as HostAnswers[K]);
				},
				reject: (error) => {
					settle();
					reject(error);
				},
			});
			this.#send({ kind: "call", id, call });
		});
	}

	/** Tells the running hook to stop. */
	abort(): void {
		this.#send({ kind: "abort" });
	}

	/** Ends the process and waits for it. */
	async close(): Promise<void> {
		this.#closed = true;
		this.#kill("the run is over");
		await this.died;
	}

	#send(message: DaemonMessage): void {
		if (this.#child.connected) this.#child.send(message);
	}

	#receive(message: HostMessage): void {
		switch (message.kind) {
			case "answer":
				this.#pending.get(message.id)?.resolve(message.value);
				this.#ended(message.id);
				return;
			case "failed": {
				const { code, message: text, stack } = message.error;
				const error = Object.assign(new Error(text), { code, stack });
				this.#pending.get(message.id)?.reject(error);
				this.#ended(message.id);
				return;
			}
			case "worker":
			case "loadFailed":
			case "gauge":
			case "hostPause":
			case "log":
				this.#onEvent(message);
				return;
			default:
				message satisfies never;
		}
	}

	/** The call is over; one past its limit has obeyed, and is no reason to kill any more. */
	#ended(id: number): void {
		this.#pending.delete(id);
		clearTimeout(this.#overdue.get(id));
		this.#overdue.delete(id);
	}

	#watchMemory(limitMb: number): void {
		const rssMb = residentBytes(this.#child.pid) / 1024 ** 2;
		if (rssMb > limitMb) {
			this.#kill(`the run host held ${Math.round(rssMb)} MiB, its limit is ${limitMb} MiB`);
		}
	}

	#kill(reason: string): void {
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
		this.#killedFor ??= reason;
		this.#child.kill("SIGKILL");
	}
}

function residentBytes(pid: number | undefined): number {
	try {
		return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * pageBytes;
	} catch {
		return 0; // gone, or a system without /proc
	}
}

/** No hook stands between these and their answers: a host that comes to them gives it at once, or when its loads' time is over. */
const withoutHook: readonly HostCall["do"][] = [
	"beginLoads",
	"beginPhase",
	"steerLoad",
	"stopLoads",
];

function overdueError(asked: HostCall["do"], limitMs: number): FaultlineError {
	if (withoutHook.includes(asked))
		return new FaultlineError(
			"FLT_HOST_LATE",
			`the run's process did not come to ${asked} within ${limitMs} ms`,
			"end what else keeps the machine busy; or look for a hook, a gauge or an operation that holds its process up",
		);
	return new FaultlineError(
		"FLT_HOOK_LIMIT",
		`${asked} took longer than its limit of ${limitMs} ms`,
		"make the hook quicker, or raise limits.hookMs in the scenario",
	);
}
