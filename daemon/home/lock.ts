import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import { pause } from "../../base/clock.ts";
import { codeOf, FaultlineError } from "../../base/errors.ts";
import { identifySelf, isAlive, type ProcessIdentity, sameProcess } from "../../base/process.ts";
import { type Home, writeDurably } from "./home.ts";

/** Who holds a lock: written into its file. */
export interface LockHolder extends ProcessIdentity {
	/** What it is, in words: "the daemon", "faultline heal". */
	what: string;
	since: string;
}

export interface Lock {
	/** Gives it back; any number of times. */
	release(): void;
}

/**
 * Takes the home for this process, or throws `FLT_HOME_LOCKED` naming the living holder. A holder that has ended, or
 * whose pid now belongs to another process, is replaced; of several starters exactly one gets the home.
 */
export async function lockHome(home: Home, what: string): Promise<Lock> {
	const taken = await tryLock(home.lockFile, what);
	if ("lock" in taken) return taken.lock;
	throw locked(home, taken.holder);
}

/** Takes the lock that is this file for this process, or tells the living process that holds it. */
export async function tryLock(
	file: string,
	what: string,
): Promise<{ lock: Lock } | { holder: LockHolder }> {
	const ourselves = { ...identifySelf(), what, since: new Date().toISOString() };
	const holder = await take(file, ourselves);
	if (holder !== null) return { holder };
	const release = () => {
		const current = holderOf(file);
		if (current && sameProcess(current, ourselves)) rmSync(file, { force: true });
	};
	return { lock: { release } };
}

/** The living process that holds the home, or null. */
export function lockHolder(home: Home): LockHolder | null {
	const holder = holderOf(home.lockFile);
	return holder && isAlive(holder) ? holder : null;
}

/**
 * The lock file only ever appears with its content, by link. A stale one is replaced under a lock of its own, named
 * after the dead holder: whoever has that looks again, because a slower starter may have read the stale file before
 * it was replaced. That lock can itself be left behind, and is then replaced in the same way.
 */
async function take(file: string, ourselves: LockHolder): Promise<LockHolder | null> {
	const draft = `${file}.${ourselves.pid}-${randomBytes(4).toString("hex")}.tmp`;
	writeDurably(draft, JSON.stringify(ourselves));
	try {
		for (;;) {
			if (linked(draft, file)) return null;
			const holder = holderOf(file);
			if (holder === null) continue; // given back between the two looks
			if (isAlive(holder)) return holder;
			const takeover = `${file}.${holder.pid}-${holder.startTime}`;
			if ((await take(takeover, ourselves)) !== null) {
				await pause(2); // another starter replaces it at this moment; it will be the holder
				continue;
			}
			try {
				const still = holderOf(file);
				if (still === null || !sameProcess(still, holder)) continue;
				renameSync(draft, file);
				return null;
			} finally {
				rmSync(takeover, { force: true });
			}
		}
	} finally {
		rmSync(draft, { force: true });
	}
}

function linked(draft: string, file: string): boolean {
	try {
		linkSync(draft, file);
		return true;
	} catch (error) {
		if (codeOf(error) === "EEXIST") return false;
		throw error;
	}
}

/** An unreadable lock file names a holder that never lived, and so is stale. */
function holderOf(file: string): LockHolder | null {
	try {
		return JSON.parse(readFileSync(file, "utf8")) as LockHolder;
	} catch (error) {
		if (codeOf(error) === "ENOENT") return null;
		return { pid: 0, startTime: 0, bootId: "", what: "unreadable", since: "" };
	}
}

function locked(home: Home, holder: LockHolder): FaultlineError {
	return new FaultlineError(
		"FLT_HOME_LOCKED",
		`${home.folder} is in use by ${holder.what} (pid ${holder.pid}, since ${holder.since})`,
		`stop it (kill ${holder.pid}), talk to it, or choose another folder by FAULTLINE_HOME`,
	);
}
