import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// How faults reach into a subject: by files in a folder of its own, so that anybody can take one back by deleting a
// file, a daemon that knows nothing of the run as well, and a program in any language can follow.

/** By this variable a subject finds its folder of controls. */
export const controlsVariable = "FLT_CONTROLS";

/** Holds the offset of the subject's clock, a whole number of milliseconds in decimal; no file, no offset. */
export const clockControl = "clock-offset-ms";

/** In it the subject says which offset the last time that it read had. */
export const clockSeen = `${clockControl}.seen`;

/** Holds the one part of the subject's work that is slow, as JSON; no file, none. */
export const paceControl = "slow-work.json";

/** In it the subject says which such order it has obeyed last; empty, or no file: none that is in force. */
export const paceSeen = `${paceControl}.seen`;

/** Holds the one step at which the subject is to stop, as JSON; no file, none. */
export const holdControl = "hold-at-step.json";

/** In it the subject says at which such order it stands; empty, or no file: at none. */
export const holdSeen = `${holdControl}.seen`;

/** An order to stop at a step of the work, and to go on when it is gone. */
export interface HoldOrder {
	step: string;
	/** Of the fault: two orders to stop at the same step are two. */
	faultId: string;
}

/** The order in such a file; null where it holds none. */
export function holdOrderIn(text: string): HoldOrder | null {
	try {
		const { step, faultId } = JSON.parse(text) as HoldOrder;
		return typeof step === "string" ? { step, faultId } : null;
	} catch {
		return null;
	}
}

/** An order to take longer over one part of the work. */
export interface SlowOrder {
	part: string;
	extraUs: number;
}

/** The order in such a file; null where it holds none. */
export function slowOrderIn(text: string): SlowOrder | null {
	try {
		const { part, extraUs } = JSON.parse(text) as SlowOrder;
		return typeof part === "string" && Number.isFinite(extraUs) ? { part, extraUs } : null;
	} catch {
		return null;
	}
}

/** Where a subject's controls are, and whether Node runs it, with our agent in it. */
export interface Controls {
	folder: string;
	node: boolean;
}

/** An order to one process to keep its event loop busy. A process started later is not meant. */
export interface BlockOrder {
	/** Alone, since whoever got it since is the same subject again, and a limit is set. */
	pid: number;
	/** Null: all the time. */
	busyMs: number | null;
	gapMs: number;
	/** It is over by then, whatever becomes of who gave it; milliseconds of the machine's monotonic clock. */
	untilMs: number;
}

export function blockControl(faultId: string): string {
	return `block-${faultId}.json`;
}

/** The orders to block that are in this folder, by file. */
export function blockOrders(folder: string): Map<string, BlockOrder> {
	const orders = new Map<string, BlockOrder>();
	for (const name of namesIn(folder)) {
		if (!/^block-.*\.json$/.test(name)) continue;
		const text = readControl(folder, name);
		try {
			if (text !== null) orders.set(join(folder, name), JSON.parse(text) as BlockOrder);
		} catch {
			// None of ours, and no reason for a subject to end.
		}
	}
	return orders;
}

/** Writes a control as a whole: nobody ever reads a part of it. */
export function putControl(folder: string, name: string, text: string): void {
	const draft = join(folder, draftOf(name));
	writeFileSync(draft, text);
	renameSync(draft, join(folder, name));
}

/** Right when it is not there, or its folder is not. */
export function removeControl(folder: string, name: string): void {
	for (const file of [draftOf(name), name]) rmSync(join(folder, file), { force: true });
}

/** What the control says; null where there is none. */
export function readControl(folder: string, name: string): string | null {
	const file = join(folder, name);
	if (!existsSync(file)) return null; // much cheaper than the error of reading what is not there
	try {
		return readFileSync(file, "utf8");
	} catch {
		return null; // deleted since
	}
}

/** The offset that such a file holds; null where it holds none. */
export function readOffsetMs(folder: string, name: string): number | null {
	const text = readControl(folder, name)?.trim();
	return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null;
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return []; // the run is over and its folder gone
	}
}

function draftOf(name: string): string {
	return `.${name}.draft`;
}
