import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Endpoint } from "../base/endpoint.ts";
import { FaultlineError } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { noNames, type RunNames } from "../base/run-names.ts";
import type { PaceChange } from "./dues.ts";
import type { PhaseStart } from "./recorder.ts";
import {
	addCounts,
	type Counts,
	type WorkerMessage,
	type WorkerOrder,
	zeroCounts,
} from "./report.ts";
import type { LoadTask } from "./task.ts";
import { Threads } from "./threads.ts";
import type { LoadSpec } from "./work.ts";

export interface LoadOptions {
	name: string;
	/** The file whose default export plans this load; each worker imports it. */
	moduleUrl: string;
	params: JsonObject;
	/** What work may call the things that it makes; a load that is no run's has none. */
	names?: RunNames;
	/** The load as planned, without its function. */
	spec: Pick<LoadSpec, "workers">;
	/** Path name → where it leads. */
	endpoints: Record<string, Endpoint>;
	/** Those that are known before it begins. */
	phases: PhaseStart[];
	intervalMs: number;
	/** Where the journal files go; null for none. */
	journalFolder: string | null;
	/** Longest time for opening the clients; default 10 s. */
	openLimitMs?: number;
	/** Where its workers run; without, in threads of its own that end with it. */
	threads?: Threads;
	onMessage: (message: WorkerMessage) => void;
}

export interface LoadHandle {
	/** All workers have opened their clients. Rejects as `ended` does when one can't. */
	opened: Promise<void>;
	/** Starts the load, once it is opened; this monotonic instant is its zero. */
	begin(zeroNs: bigint): void;
	/** No operation intended at or after this instant; `ended` follows after at most one deadline. */
	stop(atNs: bigint): void;
	/** Ends at once: what is in flight is `unknown`. */
	abort(): void;
	/** The next phase, from this instant on, which lies a little ahead. */
	beginPhase(name: string, fromNs: bigint): void;
	/** Another rate, a pause, or its end, at once. */
	steer(change: PaceChange): void;
	/**
	 * The counts over all workers, when the last has ended and its last message was delivered. When one worker's task
	 * fails the others are aborted, and it rejects with that failure.
	 */
	ended: Promise<Counts>;
}

const defaultOpenLimitMs = 10_000;

/** Starts a load's workers and lets them open their clients; none of it runs before `begin`. */
export function openLoad(options: LoadOptions): LoadHandle {
	const { workers } = options.spec;
	const threads = options.threads ?? new Threads();
	const crew = Array.from({ length: workers }, (_, worker) => hire(threads, options, worker));
	const order = (message: WorkerOrder) => {
		for (const { port } of crew) port.postMessage(message);
	};
	const abort = () => order({ kind: "abort" });
	const ended = finish(crew, abort).finally(() =>
		threads === options.threads ? undefined : threads.close(),
	);
	const opened = Promise.race([
		Promise.all(crew.map((member) => member.opened)).then(() => {}),
		// A load that ended before it had opened will never open.
		ended.then(() => {}),
	]);
	// Either may be looked at late, or never; a failure is then no unhandled one.
	ended.catch(() => {});
	opened.catch(() => {});
	return {
		opened,
		ended,
		abort,
		begin: (zeroNs) => order({ kind: "begin", zeroNs }),
		stop: (atNs) => order({ kind: "stop", atNs }),
		beginPhase: (name, fromNs) => order({ kind: "phase", name, fromNs }),
		steer: (change) => order({ kind: "steer", change }),
	};
}

interface Member {
	port: MessagePort;
	opened: Promise<void>;
	/** Its totals, after all its messages; rejects when its task failed or its thread died. */
	ended: Promise<Counts>;
}

function hire(threads: Threads, options: LoadOptions, worker: number): Member {
	const { workers } = options.spec;
	const { port1, port2 } = new MessageChannel();
	const opened = Promise.withResolvers<void>();
	const delivered = Promise.withResolvers<Counts>();
	port1.on("message", (message: WorkerMessage) => {
		options.onMessage(message);
		if (message.kind === "opened") opened.resolve();
		// The task's own result comes by another way and may overtake the last messages.
		if (message.kind === "ended") delivered.resolve(message.totals);
	});
	const task: LoadTask = {
		moduleUrl: options.moduleUrl,
		params: options.params,
		names: options.names ?? noNames,
		load: options.name,
		worker,
		workers,
		endpoints: options.endpoints,
		phases: options.phases,
		intervalMs: options.intervalMs,
		journalFolder: options.journalFolder,
		openLimitMs: options.openLimitMs ?? defaultOpenLimitMs,
		port: port2,
	};
	const run = async () => {
		const result = await threads.run(task);
		if (result.ok) return delivered.promise;
		throw new FaultlineError(
			result.code,
			`load "${options.name}", worker ${worker} of ${workers}: ${result.message}`,
			result.hint,
		);
	};
	return { port: port1, opened: opened.promise, ended: run() };
}

async function finish(crew: Member[], abort: () => void): Promise<Counts> {
	try {
		const first = await Promise.allSettled(
			crew.map((member) =>
				member.ended.catch((error: unknown) => {
					abort();
					throw error;
				}),
			),
		);
		const totals = zeroCounts();
		for (const result of first) {
			if (result.status === "rejected") throw result.reason;
			addCounts(totals, result.value);
		}
		return totals;
	} finally {
		for (const { port } of crew) port.close();
	}
}
