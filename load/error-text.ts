import { FaultlineError, messageOf } from "../base/errors.ts";
import { TransportError } from "./outcome.ts";
import { isRefusedByTls, withoutSource } from "./tls-errors.ts";

const charsMax = 200;
/** Control characters, marks that turn the direction of writing, halves of characters, and white space of any kind. */
const unprintable = /[\p{C}\s]+/gu;
/** Who a URL is used as, and what is named like a secret: these are masked whether or not they are known to be one. */
const userOfUrl = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*@/gi;
const namedSecret =
	/(\b\w*(?:password|passwd|pwd|secret|token|api[-_]?key|authorization)\w*["']?\s*[:=]\s*)(?:(?:bearer|basic)\s+)?["']?[^\s"',;&]+/gi;

/**
 * The text on one line of at most 200 characters: nothing that a terminal would obey, and none of the `secrets`, for
 * a service may say anything back, what it was sent too.
 */
export function printable(text: string, secrets: readonly string[] = []): string {
	const known = secrets.reduce((text, secret) => text.replaceAll(secret, "***"), text);
	const line = known
		// What follows is not shown; and of a text without end the patterns would not come to one.
		.slice(0, 4 * charsMax)
		.replace(userOfUrl, "$1***@")
		.replace(namedSecret, "$1***")
		.replace(unprintable, " ")
		.trim();
	if (line.length <= charsMax) return line;
	// A character that is cut in half is unprintable.
	return `${line
		.slice(0, charsMax - 1)
		.replace(unprintable, " ")
		.trimEnd()}…`;
}

/** What an error says, with what is behind it: a lost connection's own error says more than that it was lost. */
export function errorText(error: unknown): string {
	if (error instanceof TransportError && error.cause !== undefined)
		return `${causeText(error.cause)} (${whenOf(error)})`;
	if (error instanceof FaultlineError) return `${error.message}; ${error.hint}`;
	return messageOf(error);
}

function causeText(cause: unknown): string {
	return withoutSource(messageOf(cause).replace(" - Local (undefined:undefined)", ""));
}

function whenOf({ sent, cause }: TransportError): string {
	if (sent) return "after the request was sent";
	return isRefusedByTls(cause)
		? "before the server took the request; --cert and --cert-key name a client's certificate"
		: "before the request was sent";
}

/**
 * What is kept of the first error of a code. `error` is null where the loop itself gave the operation up. Never throws,
 * though user code may throw things that can't be turned into text.
 */
export function errorSampler(
	deadlineMs: number,
	secrets: readonly string[],
): (code: string, error: unknown) => string {
	return (code, error) => {
		if (error === null) return givenUp(code, deadlineMs);
		try {
			return printable(errorText(error), secrets) || printable(code, secrets);
		} catch {
			return printable(code, secrets);
		}
	};
}

function givenUp(code: string, deadlineMs: number): string {
	switch (code) {
		case "deadline":
			return `not ended within ${deadlineMs} ms of its start`;
		case "stopped":
			return "still in flight when the load was over";
		default:
			return code;
	}
}
