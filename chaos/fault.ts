import type { Json, JsonObject } from "../base/json.ts";
import type { ServiceProcess } from "../base/services.ts";
import type { Target } from "./target.ts";

/** Fault kind → its parameters. Each file in `kinds/` adds its own line by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the files in kinds/
export interface FaultKinds {}

export type FaultKind = keyof FaultKinds;

/** A step of a subject's work, by the name that the subject has for it: `before-commit`. */
export interface SubjectStep<On extends string = string> {
	subject: On;
	step: string;
	/** So long is waited for it to come there, from the fault's time on: 15 s where nothing is said. */
	withinMs?: number;
}

/** A fault as a scenario plans it: plain data, times from the start of `faulting`. */
export type FaultSpec<On extends string = string> = {
	[K in FaultKind]: {
		kind: K;
		on: On;
		params: FaultKinds[K];
		fromMs: number;
		toMs: number;
		/** Where it strikes; see `atStep`. */
		at?: SubjectStep<On>;
	};
}[FaultKind];

/** Identity, for the types: a fault whose parameters are held against its kind. */
export function fault<K extends FaultKind, const On extends string>(
	kind: K,
	on: On,
	params: FaultKinds[K],
	{ fromMs, toMs }: { fromMs: number; toMs: number },
): FaultSpec<On> {
	return { kind, on, params, fromMs, toMs } as FaultSpec<On>;
}

/**
 * The fault, striking at a step of a subject's work, so that no luck of timing decides what it hits: from `fromMs` on the
 * subject is held where it next comes to that step; as soon as it is, the fault is injected and the subject goes on, into
 * it. The fault then lasts from there as long as it was to last.
 *
 * `atStep(fault("kill", "worker", {}, { fromMs: 0, toMs: 500 }), { subject: "worker", step: "before-commit" })`
 */
export function atStep<const On extends string, const Subject extends string>(
	spec: FaultSpec<On>,
	at: SubjectStep<Subject>,
): FaultSpec<On | Subject> {
	return { ...spec, at } as FaultSpec<On | Subject>;
}

/** Whether two faults act on the same thing, or one at a step of what the other acts on. */
export function meet(a: Pick<FaultSpec, "on" | "at">, b: Pick<FaultSpec, "on" | "at">): boolean {
	const [of, others] = [placesOf(a), placesOf(b)];
	return of.some((place) => others.includes(place));
}

function placesOf({ on, at }: Pick<FaultSpec, "on" | "at">): string[] {
	return at === undefined ? [on] : [on, at.subject];
}

/** Where a fault acts, in words: `worker at before-commit`. */
export function placeName({ on, at }: Pick<FaultSpec, "on" | "at">): string {
	if (at === undefined) return on;
	return `${on} at ${at.step}${at.subject === on ? "" : ` of ${at.subject}`}`;
}

/** What a fault is and where, in words: `kill on worker at before-commit`. */
export function faultName({
	kind,
	on,
	at,
}: Pick<FaultSpec, "on" | "at"> & { kind: string }): string {
	return `${kind} on ${placeName({ on, at })}`;
}

/** What it takes to take the fault back, decided and on disk before anything is broken. */
export type Undo = JsonObject;

/** Whether all that a type has is JSON, for a constraint: an interface has no index signature that would tell. */
type JsonOf<T> = { [K in keyof T]: Json };

/** What the undo of most kinds begins with: which fault it is of, and what that acts on. */
export interface FaultUndo {
	faultId: string;
	on: string;
}

/** What was seen through the path that the fault breaks. */
export interface Proof {
	ok: boolean;
	/** One sentence with the values seen. */
	seen: string;
}

/** What a fault acts on: a path (its proxy), the server behind a path, or the process of a subject or service. */
export type Acts = "path" | "postgres" | "redis" | "kafka" | "process";

/** One kind of fault, whose undo is a `U`; to whoever holds any kind, it is JSON. */
export interface Fault<P = unknown, U = Undo> {
	/** What the victim sees, in a sentence. */
	victim: string;
	acts: Acts;
	/** It needs more of the server than a connection, and so acts only on one that this daemon started. */
	ownServer?: true;
	/**
	 * A setting that it changes and puts back, in words. Two that hold the same must not overlap: the second would take
	 * what the first has set for what was there before, and leave that behind. What acts on a process holds it of that
	 * process.
	 */
	holds?: string;
	/** It acts from within: on subjects alone, and `node` on those that Node runs, by the agent in them. */
	within?: "subject" | "node";
	/** `structure`: objects come back, their data does not; such a kind touches only what the run made. */
	heals: "fully" | "structure";
	/**
	 * JSON Schema. Plain data, not TypeBox: the daemon loads every kind and has no memory for the library. What must be
	 * given has `examples` where a value makes sense on any system: who picks a fault from a list begins with the first.
	 */
	params: JsonObject;
	/**
	 * Null where this kind can act on this machine and stack, else what was tried and what to do. Loads nothing: any list
	 * asks it. `startedHere` tells of a process of the stack whether this daemon has started it.
	 */
	available?(startedHere: (process: ServiceProcess) => boolean): Promise<string | null>;
	/** Loads what it needs: before a run starts, and not in the 150 ms before the first fault's instant. */
	warm?(): Promise<void>;
	/**
	 * Chooses every name, pid with start time and old setting; changes nothing. `limitMs`: how long it lasts at most,
	 * for what can be told to end by itself.
	 */
	plan(target: Target, on: string, params: P, faultId: string, limitMs?: number): Promise<U>;
	inject(target: Target, undo: U): Promise<void>;
	/** Seen through the path it breaks, by a protocol round trip; never by a bare connect. */
	prove(target: Target, undo: U): Promise<Proof>;
	/** Right whether `inject` never ran, half ran or ran, any number of times. */
	heal(target: Target, undo: U): Promise<void>;
	/** Seen to be gone: settings read back, clean round trips. */
	gone(target: Target, undo: U): Promise<Proof>;
}

/**
 * What a file in `kinds/` default-exports; the file's name is the kind. Here the type of the undo is forgotten: a ledger
 * gives back what `plan` made, and only to the kind that made it.
 */
export function faultKind<P, U extends JsonOf<U>>(kind: Fault<P, U>): Fault<P> {
	return kind as unknown as Fault<P>;
}

/** By what it is told what a kind can act on. */
export type ActsWhere = Pick<Fault, "acts" | "within" | "ownServer">;

/** The setting that a fault of this kind holds there, in words; null where it holds none. Two processes have one each. */
export function heldOn({ holds, acts }: Fault, on: string): string | null {
	if (holds === undefined) return null;
	return acts === "process" ? `${holds} of ${on}` : holds;
}

/** The parameters of a kind that has none. */
export interface NoParams {
	readonly [name: string]: undefined;
}

/** The schema of a kind without parameters. */
export const noParams: JsonObject = { type: "object", properties: {}, additionalProperties: false };
