import { spawnSync } from "node:child_process";
import {
	closeSync,
	constants,
	cpSync,
	fchmodSync,
	fchownSync,
	fstatSync,
	lstatSync,
	mkdirSync,
	openSync,
	renameSync,
	rmSync,
} from "node:fs";
import { join } from "node:path";
import { codeOf, FaultlineError } from "../../base/errors.ts";
import type { Home } from "../home/home.ts";
import type { Say } from "../tools/component.ts";

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
	if (user === null) {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		return folder;
	}
	giveFolder(folder, user);
	if (canEnter(user, folder)) return folder;
	const outside = join(outsideFolder(home, user), service);
	giveFolder(outside, user);
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
	const present = lstatSync(copy, { throwIfNoEntry: false });
	if (present?.isDirectory() && present.uid === ourUid()) return copy;
	// What another user had put there is not run.
	rmSync(copy, { recursive: true, force: true });
	const draft = `${copy}.new`;
	rmSync(draft, { recursive: true, force: true });
	cpSync(original, draft, { recursive: true, verbatimSymlinks: true });
	renameSync(draft, copy);
	log(`copied ${original} to ${copy}: uid ${user.uid} can't reach the original`);
	return copy;
}

/**
 * The home's folder in the temporary one, which everybody shares: its name can be guessed, so that what is there
 * already has to be a folder, and ours, in which nobody else can put a link. Its users get through and see nothing.
 */
function outsideFolder({ outside }: Home, user: User): string {
	takeFolder(outside, { from: [ourUid(), user.uid], to: null, mode: 0o711 });
	return outside;
}

/** Makes the folder that user's, in a folder of ours. */
function giveFolder(folder: string, user: User): void {
	takeFolder(folder, { from: [ourUid(), user.uid], to: user, mode: 0o700 });
}

/**
 * Makes the folder, or takes over one that belongs to one of these users. Works on the opened folder: a path that is
 * a link, or becomes one meanwhile, is refused and never followed, or root would give away what it leads to.
 */
export function takeFolder(
	folder: string,
	{ from, to, mode }: { from: readonly number[]; to: User | null; mode: number },
): void {
	const refuse = (seen: string, cause?: unknown) =>
		new FaultlineError(
			"FLT_COMPONENT_MISSING",
			`${folder} ${seen}`,
			"look who made it and remove it, or choose a home folder that the service's user can reach",
			cause,
		);
	try {
		mkdirSync(folder, { mode: 0o700 });
	} catch (error) {
		if (codeOf(error) !== "EEXIST") throw error;
	}
	let handle: number;
	try {
		const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
		handle = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	} catch (error) {
		if (!["ELOOP", "ENOTDIR"].includes(codeOf(error) ?? "")) throw error;
		throw refuse("is a link or a file, and no folder of ours", error);
	}
	try {
		const { uid, ino, dev, mode: present } = fstatSync(handle);
		if (!from.includes(uid)) throw refuse(`belongs to another user (uid ${uid})`);
		if ((present & 0o022) !== 0) throw refuse("is one where others can put files");
		fchmodSync(handle, mode);
		const owner = to ?? { uid: ourUid(), gid: process.getegid?.() ?? 0 };
		if (uid !== owner.uid) fchownSync(handle, owner.uid, owner.gid);
		const there = lstatSync(folder);
		if (there.ino !== ino || there.dev !== dev) throw refuse("was replaced meanwhile");
	} finally {
		closeSync(handle);
	}
}

function ourUid(): number {
	return process.geteuid?.() ?? 0;
}
