import { randomBytes } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmdirSync,
	rmSync,
	statfsSync,
} from "node:fs";
import { join } from "node:path";
import { pause } from "../../base/clock.ts";
import { identifySelf, isAlive } from "../../base/process.ts";
import { type Lock, tryLock } from "../home/lock.ts";
import { missing, type Say } from "./component.ts";
import { bytesIn } from "./folder-size.ts";
import type { Variables } from "./program.ts";

/** The folder of fetched components and tools, shared by all homes and daemons of a user. */
export interface Cache {
	folder: string;
	progress: Say;
	/** Environment in which programs are looked for and run, with the home's mark. */
	env: Variables;
	/** Ends a fetch; nothing half-done stays behind. */
	signal: AbortSignal;
}

/** What is told before a fetch: it takes a while and uses the network. */
export interface Parcel {
	/** Name of the folder in the cache, with the version. */
	name: string;
	what: string;
	why: string;
	from: string;
	sizeMb: number;
	typicalSeconds: number;
}

/** Makes a parcel in `draft`; what it downloads on the way lies in `downloads`, and a later try begins with it. */
export type Build = (draft: string, downloads: string) => Promise<void>;

const tellEveryMs = 5_000;
const lookEveryMs = 200;

/** Where the parcel is in the cache, or null when it has not been fetched. */
export function cached({ folder }: Pick<Cache, "folder">, parcel: Parcel): string | null {
	const there = join(folder, parcel.name);
	return existsSync(there) ? there : null;
}

/**
 * The parcel's folder in the cache, built by `build` in a temporary folder when it is not there. It appears as a
 * whole or not at all; of several processes that want it at once one builds it, and the others wait for that.
 */
export async function fetchOnce(cache: Cache, parcel: Parcel, build: Build): Promise<string> {
	const folder = join(cache.folder, parcel.name);
	if (existsSync(folder)) return folder;
	mkdirSync(cache.folder, { recursive: true });
	const turn = await turnOf(cache, parcel, folder);
	if (turn === null) return folder;
	try {
		sweep(cache.folder);
		refuseWithoutRoom(cache, parcel);
		await fetchNow(cache, parcel, folder, build);
		return folder;
	} finally {
		turn.release();
	}
}

async function fetchNow(cache: Cache, parcel: Parcel, folder: string, build: Build): Promise<void> {
	const { name, what, why, from, sizeMb, typicalSeconds } = parcel;
	cache.progress(
		`fetching ${what} (${why}) from ${from}: about ${sizeMb} MB and ${typicalSeconds} s, once, into ${folder}`,
	);
	const began = performance.now();
	const secondsNow = () => (performance.now() - began) / 1_000;
	const { pid, startTime } = identifySelf();
	const random = randomBytes(3).toString("hex");
	const draft = join(cache.folder, `.building-${pid}-${startTime}-${random}`);
	const downloads = join(cache.folder, `${downloadsPrefix}${name}`);
	const tell = () => {
		const megabytes = (bytesIn(draft) + bytesIn(downloads)) / 1e6;
		cache.progress(
			`fetching ${what}: ${megabytes.toFixed(0)} MB so far, ${secondsNow().toFixed(0)} s of about ${typicalSeconds}`,
		);
	};
	const telling = setInterval(tell, tellEveryMs).unref();
	try {
		mkdirSync(draft);
		mkdirSync(downloads, { recursive: true });
		await build(draft, downloads);
		renameSync(draft, folder);
		rmSync(downloads, { recursive: true, force: true });
	} finally {
		clearInterval(telling);
		rmSync(draft, { recursive: true, force: true });
		if (existsSync(downloads) && readdirSync(downloads).length === 0) rmdirSync(downloads);
	}
	cache.progress(`fetched ${what} in ${secondsNow().toFixed(1)} s`);
}

/** The right to build it, once nobody else does; null where another has built it meanwhile. */
async function turnOf(cache: Cache, parcel: Parcel, folder: string): Promise<Lock | null> {
	let told = false;
	for (;;) {
		const taken = await tryLock(join(cache.folder, `.fetching-${parcel.name}`), "a fetch");
		const isThere = existsSync(folder);
		if ("lock" in taken) {
			if (!isThere) return taken.lock;
			taken.lock.release();
			return null;
		}
		if (isThere) return null;
		if (!told)
			cache.progress(`waiting for process ${taken.holder.pid}, which fetches ${parcel.what}`);
		told = true;
		await pause(lookEveryMs, cache.signal);
		cache.signal.throwIfAborted();
	}
}

/** A disk that fills up in the middle is told late, and in the words of some program. */
function refuseWithoutRoom({ folder }: Cache, { what, sizeMb }: Parcel): void {
	const { bavail, bsize } = statfsSync(folder);
	const freeMb = Math.floor((bavail * bsize) / 1e6);
	if (freeMb >= sizeMb) return;
	throw missing(
		`${what} needs about ${sizeMb} MB, and ${freeMb} MB are free in ${folder}`,
		"make room there, or name another folder by FAULTLINE_CACHE",
	);
}

const downloadsPrefix = ".downloads-";

/** Removes what killed processes left half-built, and downloads of what is there by now. */
function sweep(folder: string): void {
	const { bootId } = identifySelf();
	const names = readdirSync(folder);
	for (const name of names) {
		const match = /^\.building-(\d+)-(\d+)-/.exec(name);
		const builder = { pid: Number(match?.[1]), startTime: Number(match?.[2]), bootId };
		const isLeft = match !== null && !isAlive(builder);
		const isUsed =
			name.startsWith(downloadsPrefix) && names.includes(name.slice(downloadsPrefix.length));
		if (isLeft || isUsed) rmSync(join(folder, name), { recursive: true, force: true });
	}
}
