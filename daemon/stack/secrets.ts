import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createOnce, type Home, writeDurably } from "../home/home.ts";

/** 24 random bytes in letters that a URL, a configuration file and a statement take as they are. */
const form = /^[\w-]{32}$/;

/**
 * The password of one service of this home: made when it is first asked for, and the same for whoever asks later. It
 * lies in a file that is the owner's alone; with the file gone, the next start of the service makes another.
 */
export function secretOf(home: Home, service: string): string {
	const file = join(home.services, `${service}.secret`);
	const secret = randomBytes(24).toString("base64url");
	const known = createOnce(file, `${secret}\n`, 0o600);
	if (form.test(known)) return known;
	// A power cut may leave an empty one.
	writeDurably(file, `${secret}\n`);
	return secret;
}
