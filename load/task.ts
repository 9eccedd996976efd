import type { MessagePort } from "node:worker_threads";
import type { Endpoint } from "../base/endpoint.ts";
import type { ErrorCode } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import type { RunNames } from "../base/run-names.ts";
import type { PhaseStart } from "./recorder.ts";
import type { Counts } from "./report.ts";
import type { LoadSpec } from "./work.ts";

/** Everything a worker needs to run its part of a load: data alone, as it crosses to another thread. */
export interface LoadTask {
	/** The file whose default export has `plan(params)`; functions can't cross threads, so the worker imports it. */
	moduleUrl: string;
	params: JsonObject;
	/** The run's own. */
	names: RunNames;
	load: string;
	worker: number;
	workers: number;
	/** Path name (`at` of a client) → where it leads. */
	endpoints: Record<string, Endpoint>;
	phases: PhaseStart[];
	intervalMs: number;
	/** Folder of the journal files; null where the run keeps none. */
	journalFolder: string | null;
	/** Longest time for opening the clients. */
	openLimitMs: number;
	port: MessagePort;
}

/** What a worker can load before it has a task. */
export interface WarmTask {
	moduleUrl: string;
	drivers: string[];
}

/** What a task resolves with. Errors go as data: across threads an error would lose its code and hint. */
export type TaskResult =
	| { ok: true; totals: Counts }
	| { ok: false; code: ErrorCode; message: string; hint: string };

/** The seed among the parameters; 1, as everywhere, where there is none. */
export function seedOf(params: JsonObject): number {
	return typeof params.seed === "number" ? params.seed : 1;
}

/** What a load needs of a scenario file's default export. */
export interface LoadModule {
	plan(params: JsonObject): { loads: Record<string, LoadSpec> };
}
