import { METHODS, validateHeaderName, validateHeaderValue } from "node:http";
import { FaultlineError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { bytesOf } from "./flag-files.ts";
import type { RepeatOf } from "./repeat.ts";
import { checkTemplate, constantOf, holePattern } from "./template.ts";
import { refuseFragment, userOf } from "./url-parts.ts";

/** Framing is a matter of the client; two that disagree would be a request that servers read differently. */
const framing = new Set(["content-length", "transfer-encoding"]);

export interface RequestFlags {
	method?: string;
	header?: string[];
	body?: string;
}

/** What is asked of an HTTP server. `url` is the target as it was given: path and query go out so. */
export function requestOf(url: URL, given: string, flags: RequestFlags): RepeatOf<"http"> {
	const { method, header, body } = flags;
	refuseFragment(url);
	userOf(url);
	const lines = (header ?? []).map(headerOf);
	const hasAgent = lines.some(([name]) => name.toLowerCase() === "user-agent");
	return {
		kind: "http",
		method: methodOf(method ?? (body === undefined ? "GET" : "POST")),
		path: pathOf(given),
		headers: hasAgent ? lines : [["User-Agent", "faultline"], ...lines],
		body: body === undefined ? null : bodyOf(body),
	};
}

function pathOf(given: string): string {
	const after = /^[a-z]+:\/\/[^/?#]*(.*)$/is.exec(given)?.[1] ?? "";
	const path = after.startsWith("/") ? after : `/${after}`;
	checkTemplate("the target's path", path);
	const broken = /%(?![0-9a-f]{2}).{0,2}/i.exec(
		path.replace(new RegExp(holePattern, "g"), "{}"),
	)?.[0];
	if (broken === undefined) return path;
	throw new FaultlineError(
		"FLT_USAGE",
		`the target's path has "${broken}", which is no percent-escape`,
		"write %25 for a % that is meant",
	);
}

function methodOf(given: string): string {
	const method = given.toUpperCase();
	try {
		validateHeaderName(method); // a method is a token, as a name is
	} catch {
		const meant = nearest(given, METHODS);
		throw new FaultlineError(
			"FLT_USAGE",
			`--method ${JSON.stringify(given)} is no method`,
			`write one word of letters, such as ${meant ?? "GET"}`,
		);
	}
	if (method !== "CONNECT") return method;
	throw new FaultlineError(
		"FLT_USAGE",
		"--method CONNECT asks a proxy for a tunnel",
		"name what is to be loaded as the target",
	);
}

function headerOf(line: string): [name: string, value: string] {
	const colon = line.indexOf(":");
	const name = line.slice(0, Math.max(0, colon)).trim();
	const value = line.slice(colon + 1).trim();
	const refuse = (why: string, hint = 'write --header "Name: value"') => {
		throw new FaultlineError("FLT_USAGE", `--header ${JSON.stringify(line)}: ${why}`, hint);
	};
	if (name === "") refuse("it has no name before a colon");
	try {
		validateHeaderName(name);
	} catch {
		refuse(`the name ${JSON.stringify(name)} has a character that no name may have`);
	}
	try {
		validateHeaderValue(name, value);
	} catch {
		refuse(`the value of ${name} has a control character, or one beyond ISO 8859-1`);
	}
	if (framing.has(name.toLowerCase()))
		refuse(`${name} is set by the client itself, from the body`, "leave it out");
	checkTemplate(`--header ${name}`, value);
	return [name, value];
}

/** `@FILE` is the file's bytes, `@-` those of stdin. A template is text: other bytes are sent as they are. */
function bodyOf(given: string): RepeatOf<"http">["body"] {
	if (!given.startsWith("@")) {
		checkTemplate("--body", given);
		return { text: given };
	}
	const bytes = bytesOf("--body", given.slice(1));
	const text = bytes.toString("utf8");
	if (Buffer.from(text).equals(bytes)) {
		checkTemplate(`--body ${given}`, text);
		if (constantOf(text) === null) return { text };
	}
	return { base64: bytes.toString("base64") };
}
