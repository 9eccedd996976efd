import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { codeOf, FaultlineError } from "../../base/errors.ts";
import { type Home, writeDurably } from "./home.ts";

const pattern = /^[\w-]{32,}$/;

/**
 * A new owner's token of this home, readable by its owner alone. Each start of a daemon makes one, so that nobody who
 * has learnt an earlier one, such as whoever took the port of a daemon that was killed, can use it.
 */
export function renewOwnerToken(home: Home): string {
	const token = randomBytes(24).toString("base64url");
	writeDurably(home.tokenFile, `${token}\n`, 0o600);
	return token;
}

/**
 * The owner's token of the daemon that has this home. A file that somebody else wrote or can read is refused
 * (`FLT_UNAUTHORIZED`): what is in it proves nothing, and an empty one would open every door.
 */
export function ownerToken(home: Home): string {
	const problem = (seen: string) =>
		new FaultlineError(
			"FLT_UNAUTHORIZED",
			`${home.tokenFile} ${seen}`,
			"remove it and start the daemon again, which makes a new one that only you can read",
		);
	let handle: number;
	try {
		handle = openSync(
			home.tokenFile,
			constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
		);
	} catch (error) {
		if (codeOf(error) === "ELOOP") throw problem("is a link");
		if (codeOf(error) === "ENOENT") throw problem("is not there");
		throw problem(`can't be read (${codeOf(error)})`);
	}
	try {
		const stat = fstatSync(handle);
		if (!stat.isFile()) throw problem("is no file");
		if (stat.uid !== process.geteuid?.())
			throw problem(`belongs to another user (uid ${stat.uid})`);
		const mode = stat.mode & 0o777;
		if ((mode & 0o077) !== 0)
			throw problem(`can be read or written by others (mode ${mode.toString(8)})`);
		const token = stat.size > 1_024 ? "" : readFileSync(handle, "utf8").trim();
		if (!pattern.test(token)) throw problem("holds no token");
		return token;
	} finally {
		closeSync(handle);
	}
}
