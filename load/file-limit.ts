import { readFileSync } from "node:fs";
import { FaultlineError } from "../base/errors.ts";

/** The process's own files, its threads' event loops and a few for names and certificates, beside connections. */
const ownFiles = 40;
const filesAThread = 4;

/** Most open files of this process, as the shell's `ulimit -n` gave it; null where nothing says so, or it has none. */
export function openFilesMax(limits = readLimits()): number | null {
	const soft = /^Max open files\s+(\S+)/m.exec(limits ?? "")?.[1];
	return soft === undefined || soft === "unlimited" ? null : Number(soft);
}

function readLimits(): string | null {
	try {
		return readFileSync("/proc/self/limits", "utf8");
	} catch {
		return null;
	}
}

export function filesNeeded(connections: number, workers: number): number {
	return connections + ownFiles + filesAThread * workers;
}

/** Refuses connections that this process may not open; better before the load than as its errors. */
export function refuseTooMany(
	connections: number,
	workers: number,
	max: number | null = openFilesMax(),
): void {
	const needed = filesNeeded(connections, workers);
	if (max === null || needed <= max) return;
	throw new FaultlineError(
		"FLT_USAGE",
		`--connections ${connections} needs about ${needed} open files, and this process may open ${max}`,
		`run "ulimit -n ${needed}" first, or take fewer connections`,
	);
}

/** That connections could not be made because this process may not open more files. */
export function noRoom(what: string, connections: number, cause: unknown): FaultlineError {
	const max = openFilesMax();
	return new FaultlineError(
		"FLT_COMPONENT_LOST",
		`${what}: this process may open no more files${max === null ? "" : ` than ${max}`}; that is the generator's limit, not the target's`,
		`run "ulimit -n ${filesNeeded(connections, 1)}" first, or take fewer connections`,
		cause,
	);
}
