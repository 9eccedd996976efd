import { FaultlineError } from "../base/errors.ts";

/** What all kinds of targets ask of a URL: that nothing in it is left out silently. Messages never hold a password. */

export function parsedUrl(url: string): URL {
	if (URL.canParse(url)) return new URL(url);
	throw new FaultlineError(
		"FLT_USAGE",
		`target "${withoutUser(url)}" is no URL`,
		"write SCHEME://HOST:PORT/…, an IPv6 address in brackets, and in user and password %40 for @, %3A for :, %2F for /",
	);
}

/** Of what may be no URL, for messages: nobody can tell where its password ends but that an @ follows. */
export function withoutUser(text: string): string {
	const at = text.lastIndexOf("@");
	return at === -1
		? text
		: `${/^[a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? ""}***@${text.slice(at + 1)}`;
}

/** User and password as they are meant. */
export function userOf(url: URL): { user: string; password: string } {
	return {
		user: decoded(url.username, "the user name"),
		password: decoded(url.password, "the password"),
	};
}

/** A part of a URL as it is meant; `what` names it where it can't be read. */
export function decoded(text: string, what: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw new FaultlineError(
			"FLT_USAGE",
			`${what} in the target's URL has a % that is followed by no two hexadecimal digits of UTF-8`,
			"write %25 for a % that is meant",
		);
	}
}

/** Refuses a fragment: it is for the reader of a page, and is sent to nobody. */
export function refuseFragment(url: URL): void {
	if (url.hash === "" && !url.href.endsWith("#")) return;
	throw new FaultlineError(
		"FLT_USAGE",
		`the target's URL has a fragment, "${url.hash || "#"}", which is sent to no server`,
		"leave it out, or write %23 for a # that is meant",
	);
}
