import { randomBytes } from "node:crypto";
import {
	chmodSync,
	closeSync,
	existsSync,
	fsyncSync,
	linkSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { codeOf, FaultlineError, messageOf } from "../../base/errors.ts";

/** The layout of the folder that holds everything one daemon keeps. */
export interface Home {
	folder: string;
	/** Random, kept with the folder: marks this home's processes, proxies and temporary folders. */
	id: string;
	runs: string;
	/** Nightly results; not subject to the retention of runs. */
	history: string;
	/** Summaries of nightlies, a file each. */
	nightly: string;
	/** Records of suites, a file each. */
	suites: string;
	/** What a service stores, each in its own folder. */
	data(service: string): string;
	/** A service's process and configuration, each in its own file. */
	services: string;
	/** Where data go that an unprivileged service user could not reach in `folder`. */
	outside: string;
	lockFile: string;
	daemonFile: string;
	tokenFile: string;
	logFile: string;
	ledgerFile: string;
}

/** Is there a home in this folder? */
export function isHome(folder: string): boolean {
	return existsSync(join(folder, "home-id"));
}

/** The home in this folder, where there is one, for those who only look: nothing is made. */
export function knownHome(folder: string): Home {
	if (isHome(folder)) return openHome(folder);
	throw new FaultlineError(
		"FLT_NOT_FOUND",
		`there is no home in ${folder}: nothing has run there`,
		"faultline run makes one; another is named by --home or FAULTLINE_HOME",
	);
}

/**
 * Opens the home in this folder, creating what is missing. Right for several processes at once. A folder that holds
 * anything else is refused: it would be closed to others, and git would see nothing of it any more.
 */
export function openHome(folder: string): Home {
	try {
		const isRoot = process.geteuid?.() === 0;
		// A service of root's daemon runs as another user, who has to get through to its data, and sees no more of it.
		const through = isRoot ? 0o711 : 0o700;
		closeToOthers(folder, through);
		for (const part of parts) {
			const mode = part === "data" ? through : 0o700;
			mkdirSync(join(folder, part), { recursive: true, mode });
			chmodSync(join(folder, part), mode);
		}
		createOnce(join(folder, ".gitignore"), "*\n", 0o644);
		const id = createOnce(join(folder, "home-id"), `${randomBytes(4).toString("hex")}\n`, 0o600);
		// The kernel names working directories by their real paths, and by them we find our processes.
		return layoutOf(realpathSync(folder), id, realpathSync(tmpdir()));
	} catch (error) {
		throw new FaultlineError(
			"FLT_USAGE",
			`cannot use ${folder} as the home folder: ${messageOf(error)}`,
			"choose another by --home or FAULTLINE_HOME",
			error,
		);
	}
}

const parts = ["runs", "history", "data", "services", "nightly", "suites"];

/**
 * Makes the folder, or closes the one that is there. One that belongs to somebody else, or that others can write into
 * and that is no home yet, such as /tmp, is refused: whoever can put files there could become its owner.
 */
function closeToOthers(folder: string, mode: number): void {
	makeFolder(folder, mode);
	const { uid, mode: present } = statSync(folder);
	if (uid !== process.geteuid?.())
		throw new Error(`${folder} belongs to another user (uid ${uid})`);
	if (!isHome(folder)) {
		const entries = readdirSync(folder);
		if ((present & 0o022) !== 0 && entries.length > 0)
			throw new Error(`others can write into ${folder}`);
		// Another process may be making a home of it at this moment.
		const own = (name: string) =>
			parts.includes(name) || name.startsWith(".gitignore") || name.startsWith("home-id");
		const other = entries.find((name) => !own(name));
		if (other !== undefined) throw new Error(`it is no home, and has ${other} in it`);
	}
	if ((present & 0o777) !== mode) chmodSync(folder, mode);
}

/** Node's own way to make parents does not end where there can't be any, as in /proc. */
function makeFolder(folder: string, mode: number): void {
	try {
		mkdirSync(folder, { mode });
	} catch (error) {
		if (codeOf(error) === "EEXIST") return;
		if (codeOf(error) !== "ENOENT" || existsSync(dirname(folder))) throw error;
		makeFolder(dirname(folder), 0o777);
		mkdirSync(folder, { mode });
	}
}

function layoutOf(folder: string, id: string, temporary: string): Home {
	return {
		folder,
		id,
		runs: join(folder, "runs"),
		history: join(folder, "history"),
		nightly: join(folder, "nightly"),
		suites: join(folder, "suites"),
		data: (service) => join(folder, "data", service),
		services: join(folder, "services"),
		outside: join(temporary, `faultline-${id}`),
		lockFile: join(folder, "lock"),
		daemonFile: join(folder, "daemon.json"),
		tokenFile: join(folder, "token"),
		logFile: join(folder, "daemon.log"),
		ledgerFile: join(folder, "ledger.ndjson"),
	};
}

/** The folders in which processes of this home work; see `findMarked`. */
export function foldersOf(home: Home): string[] {
	return [home.folder, home.outside];
}

/** Writes the file unless it exists, and returns what it holds then: of several writers all get the same. */
export function createOnce(file: string, text: string, mode: number): string {
	const readBack = () => readFileSync(file, "utf8").trim();
	try {
		return readBack();
	} catch (error) {
		if (codeOf(error) !== "ENOENT") throw error;
	}
	const draft = draftOf(file);
	writeFileSync(draft, text, { mode });
	try {
		linkSync(draft, file); // unlike rename, link never replaces what another process has just made
	} catch (error) {
		if (codeOf(error) !== "EEXIST") throw error;
	} finally {
		rmSync(draft, { force: true });
	}
	return readBack();
}

/**
 * Replaces the file as a whole: when this returns the text is on the disk, and at no instant does anybody read a
 * part of it.
 */
export function writeDurably(file: string, text: string, mode = 0o600): void {
	const draft = draftOf(file);
	try {
		const handle = openSync(draft, "wx", mode);
		try {
			writeFileSync(handle, text);
			fsyncSync(handle);
		} finally {
			closeSync(handle);
		}
		renameSync(draft, file);
	} catch (error) {
		rmSync(draft, { force: true });
		throw error;
	}
	syncFolder(dirname(file));
}

function draftOf(file: string): string {
	return `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
}

/** A new name in a folder survives a power cut only once the folder itself is synced. */
function syncFolder(folder: string): void {
	const handle = openSync(folder, "r");
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}
