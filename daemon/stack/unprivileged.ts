import { spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError } from "../../base/errors.ts";
import type { Home } from "../home.ts";
import type { Say } from "./service.ts";

export interface User {
	uid: number;
	gid: number;
}

/** Existing accounts a server may run as when we are root; none is ever created. */
const candidates = ["postgres", "nobody"];

/** The user for programs that refuse to run as root; null when we are not root. */
export function unprivilegedUser(): User | null {
	if (process.getuid?.() !== 0) return null;
	for (const name of candidates) {
		const uid = idOf("-u", name);
		const gid = idOf("-g", name);
		if (uid !== null && gid !== null && uid > 0) return { uid, gid };
	}
	throw new FaultlineError(
		"FLT_COMPONENT_MISSING",
		`Postgres refuses to run as root, and there is no user ${candidates.join(" or ")}`,
		"start Faultline as an ordinary user, or set FAULTLINE_POSTGRES_URL",
	);
}

function idOf(flag: "-u" | "-g", name: string): number | null {
	const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" });
	return status === 0 ? Number(stdout.trim()) : null;
}

/** Can this user enter the folder? The kernel is asked, as that user: modes alone do not tell of groups and ACLs. */
function canEnter(user: User, folder: string): boolean {
	return spawnSync("test", ["-x", folder], { cwd: "/", ...user }).status === 0;
}

/**
 * The folder in which this service stores its data: below the home, or, where its user can't get there, in a 0700
 * folder of that user below the system's temporary folder.
 */
export function placeFor(home: Home, service: string, user: User | null, log: Say): string {
	const folder = home.data(service);
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	if (user === null) return folder;
	chownSync(folder, user.uid, user.gid);
	if (canEnter(user, folder)) return folder;
	const outside = join(outsideFolder(home, user), service);
	mkdirSync(outside, { recursive: true, mode: 0o700 });
	chownSync(outside, user.uid, user.gid);
	log(`${service} stores its data in ${outside}: its user (uid ${user.uid}) can't reach ${folder}`);
	return outside;
}

/** The programs of a service, or a copy of them where its user can't reach the original. */
export function programsFor(
	home: Home,
	original: string,
	name: string,
	user: User | null,
	log: Say,
): string {
	if (user === null || canEnter(user, join(original, "bin"))) return original;
	const copy = join(outsideFolder(home, user), name);
	if (existsSync(copy)) return copy;
	const draft = `${copy}.new`;
	rmSync(draft, { recursive: true, force: true });
	cpSync(original, draft, { recursive: true, verbatimSymlinks: true });
	renameSync(draft, copy);
	log(`copied ${original} to ${copy}: uid ${user.uid} can't reach the original`);
	return copy;
}

/** Its name can be guessed, so what is already there must be the user's own folder and closed to all others. */
function outsideFolder(home: Home, user: User): string {
	if (!existsSync(home.outside)) {
		mkdirSync(home.outside, { mode: 0o700 });
		chownSync(home.outside, user.uid, user.gid);
	}
	const stat = lstatSync(home.outside);
	if (stat.isDirectory() && stat.uid === user.uid && (stat.mode & 0o077) === 0) return home.outside;
	throw new FaultlineError(
		"FLT_COMPONENT_MISSING",
		`${home.outside} exists, but is not a folder that only uid ${user.uid} can enter`,
		"remove it, or choose a home folder that this user can reach",
	);
}
